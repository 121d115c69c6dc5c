import { waitFor } from '@guildhall/testkit';
import { beforeEach } from 'vitest';
import type { Overrides } from '../../src/wire.ts';
import { createAttachments, type Attachments } from './attachments.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { startStandInTeam, type StandInTeam } from './team.ts';

/** Stand-in services without a shared database, which a gateway is to tell them of. */
export interface UnattachedTeam {
  readonly team: StandInTeam;
  readonly attachments: Attachments;
}

export const startUnattachedTeam = async (): Promise<UnattachedTeam> => {
  const team = await startStandInTeam();
  const attachments = createAttachments();
  team.attachments = attachments;
  return { team, attachments };
};

/** The setup token that the log of a gateway showed last. */
export const setupTokenIn = ({ lines }: TestGateway): string | undefined =>
  lines.map(({ msg }) => /setup token .*: ([\w-]{43})$/.exec(msg)?.[1]).findLast((token) => token !== undefined);

/** Waits until the log of a gateway shows a setup token, another than `earlier`. */
export const setupTokenOf = (gateway: TestGateway, earlier?: string): Promise<string> =>
  waitFor(() => [setupTokenIn(gateway)].find((token) => token !== earlier), { what: 'a setup token in the log' });

export const withSetupToken = (token: string): Record<string, string> => ({ 'x-guildhall-setup-token': token });

/** The first account of an installation, as a request names it. */
export const administrator = { email: 'ada@example.org', password: 'a very long password', displayName: 'Ada' };

export interface UnconfiguredGateway extends UnattachedTeam {
  readonly gateway: TestGateway;
  /** The headers of a request with the setup token that the gateway showed at its start. */
  readonly headers: Record<string, string>;
}

/** A gateway that no shared database was configured for, anew for each test of a file. Returns a function that returns it. */
export const useUnconfiguredGateway = (
  env: Record<string, string> = {},
  overrides: Partial<Overrides> = {},
): (() => UnconfiguredGateway) => {
  let current: UnconfiguredGateway;
  // Each part is stopped with the test, also where one after it did not start.
  beforeEach(async ({ onTestFinished }) => {
    const unattached = await startUnattachedTeam();
    onTestFinished(() => unattached.team.stop());
    const gateway = await startTestGateway({ ...unattached.team.env, ...env }, overrides);
    onTestFinished(() => gateway.stop());
    current = { ...unattached, gateway, headers: withSetupToken(await setupTokenOf(gateway)) };
  });
  return () => current;
};
