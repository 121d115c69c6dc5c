import { randomUUID } from 'node:crypto';
import { serviceNames, type PublicContract } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { createTarget, exampleRequest, versionAt, type RouteAnswer } from '../contract/route-client.ts';
import { routesOf } from '../contract/services.ts';
import { createSeedClient, type SeedClient, type SeedParts, type Trial } from './seed-client.ts';
import { createStories } from './stories.ts';

/** An answer of success, from which later requests learn what there is. */
export interface Seed {
  readonly operationId: string;
  readonly path: string;
  readonly answer: RouteAnswer;
}

export interface Seeds {
  readonly succeeded: readonly Seed[];
  /** The operations that were refused, with what they answered. */
  readonly refused: readonly string[];
}

/** The operations that cannot succeed on the stack of a run, with the reason. */
export const cannotSucceed: Readonly<Record<string, string>> = {
  testDatabase: 'the environment names the database',
  configureInstallation: 'the environment names the database',
  disconnectInstallation: 'the environment names the database',
  retryRejectedEvent: 'no event is rejected',
  enrolAtLogIn: 'no role requires a second factor',
  beginPasskeyAtLogIn: 'no role requires a second factor',
  createPasskeyAtLogIn: 'no role requires a second factor',
  confirmAtLogIn: 'no role requires a second factor',
};

/** The request that the examples of a contract make, at what was created for it. */
const trialOf = async (client: SeedClient, contract: PublicContract, known: ReadonlyMap<string, string>): Promise<Trial> => {
  const { gateway } = client;
  const service = serviceNames.find((name) => routesOf(name).some((route) => route.contract.name === contract.name));
  const caller = service === undefined && contract.name === 'createWorkspace' ? null : await gateway.newCaller();
  if (service === undefined || caller === null) return { caller, request: exampleRequest(contract, contract.path) };
  // The audit trail of a community lies in another service than the community.
  const communities = contract.path.startsWith('/v1/communities/') ? routesOf('team-resources') : [];
  const contracts = [...routesOf(service), ...communities].map((route) => route.contract);
  const { path } = await createTarget(gateway, caller, contracts, contract, known);
  const version = await versionAt(gateway, caller, contracts, contract, path);
  return { caller, request: exampleRequest(contract, path, version) };
};

/** Waits for an event of this run in the audit log, whose proofs are asked for. */
const findEvent = async ({ gateway, sendAs }: SeedClient): Promise<string> => {
  const caller = await gateway.newCaller();
  return waitFor(
    async () => {
      const { body } = await sendAs(caller, { method: 'GET' }, { path: '/v1/audit/events?limit=1' });
      const [event] = (body as { items?: { id: string; leafIndex?: number }[] }).items ?? [];
      const proof = await sendAs(caller, { method: 'GET' }, { path: `/v1/audit/events/${event?.id ?? randomUUID()}/proof` });
      return proof.status === 200 ? event?.id : undefined;
    },
    { what: 'an event with its proof', timeoutMs: 60_000 },
  );
};

/**
 * Calls every operation once so that it succeeds: by the examples of its contract at what is created for it, and by a story of its own
 * where these are not enough.
 */
export const plantSeeds = async (parts: SeedParts): Promise<Seeds> => {
  const client = createSeedClient(parts);
  const known = new Map([['eventId', await findEvent(client)]]);
  const stories = createStories(client, parts);
  const succeeded: Seed[] = [];
  const refused: string[] = [];
  for (const { contract } of routeTable) {
    if (contract.name in cannotSucceed) continue;
    try {
      const { caller, request } = await (stories[contract.name]?.() ?? trialOf(client, contract, known));
      const answer = await client.sendAs(caller, contract, request);
      if (answer.status < 300) succeeded.push({ operationId: contract.name, path: request.path, answer });
      else refused.push(`${contract.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    } catch (error) {
      refused.push(`${contract.name}: ${String(error)}`);
    }
  }
  return { succeeded, refused };
};
