import { setTimeout as pause } from 'node:timers/promises';
import { waitPatiently, type PatienceTiming } from '../dev/patience.ts';

/** The containers of a stack, as a rolling restart needs them. */
export interface StackContainers {
  /** The ids of the containers of a service that run. */
  running(service: string): Promise<readonly string[]>;
  /** Runs a one-shot service to its end, with the present image. Rejects when it fails. */
  runOnce(service: string): Promise<void>;
  /** Starts containers with the present image and settings, until `count` of the service run. Those that run stay as they are. */
  scaleTo(service: string, count: number): Promise<void>;
  /** Replaces the one container of a service, whose volume or port no second one may have. */
  recreate(service: string): Promise<void>;
  /** Asks a container at `/readyz` what is missing. Null: it is ready. */
  missingAt(id: string): Promise<string | null>;
  /** Returns the address of a container in the first of its networks, which this machine reaches. */
  addressOf(id: string): Promise<string>;
  /** Stops a container in the time that it is given, and removes it. */
  remove(id: string): Promise<void>;
}

export interface RollParts {
  readonly containers: StackContainers;
  readonly onNote: (line: string) => void;
  readonly timing?: PatienceTiming;
  /** How long the proxy goes by the addresses that a name had. */
  readonly addressesKeptMs?: number;
}

const migrations = ['migrate-auth', 'migrate-team-resources', 'migrate-audit'] as const;
const services = ['auth', 'team-resources', 'audit'] as const;
/** The second first: while it is replaced, the one with the published port answers. */
const gateways = ['gateway-2', 'gateway'] as const;
const startingTiming: PatienceTiming = { lookEveryMs: 500, noteEveryMs: 15_000, giveUpAfterMs: 180_000 };
const addressesKeptMsDefault = 2_000;

/**
 * Migrates, then replaces every container of the services and gateways by one with the present image and settings, one after the other. One of a service
 * is stopped when another is ready beside it. A gateway, whose file is its own, is replaced in its place: where there is one alone, clients
 * are refused meanwhile. Rejects, and leaves what still runs as it is, when a new container does not become ready.
 */
export const rollStack = async ({
  containers,
  onNote,
  timing = startingTiming,
  addressesKeptMs = addressesKeptMsDefault,
}: RollParts): Promise<void> => {
  const waitFor = (service: string, id: string): Promise<void> =>
    waitPatiently({ what: `${service} to be ready`, onNote, timing, look: () => containers.missingAt(id) });
  for (const service of migrations) await containers.runOnce(service);
  onNote('migrations are applied');
  for (const service of services) {
    for (const old of await containers.running(service)) await replaceBeside(containers, service, old, waitFor);
    onNote(`${service} is replaced`);
  }
  const found = await Promise.all(gateways.map((service) => containers.running(service)));
  const rolled = gateways.filter((_service, at) => (found[at] ?? []).length > 0);
  for (const service of rolled) {
    await containers.recreate(service);
    for (const id of await containers.running(service)) await waitFor(service, id);
    onNote(`${service} is replaced`);
    if (rolled.length > 1) await pause(addressesKeptMs);
  }
};

/** Starts another container of a service, waits until it is ready, and removes the old one; the new one instead where it does not become ready. */
const replaceBeside = async (
  containers: StackContainers,
  service: string,
  old: string,
  waitFor: (service: string, id: string) => Promise<void>,
): Promise<void> => {
  const before = await containers.running(service);
  await containers.scaleTo(service, before.length + 1);
  const [added] = (await containers.running(service)).filter((id) => !before.includes(id));
  if (added === undefined) throw new Error(`No further container of ${service} runs: see its log.`);
  try {
    await waitFor(service, added);
  } catch (error) {
    await containers.remove(added);
    throw error;
  }
  await containers.remove(old);
};
