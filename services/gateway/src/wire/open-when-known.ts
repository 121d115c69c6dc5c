import { setTimeout as delay } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@guildhall/contracts';
import type { Logger } from '@guildhall/http';
import type { AvailabilityMonitor } from '../clients/availability-monitor.ts';
import type { RevokedSessions } from '../clients/identity/revoked-sessions.ts';
import type { StartupGate } from '../clients/startup-gate.ts';

const lookEveryMs = 10;

/** Opens the gate for each service as soon as it is known how that is, and for auth also which sessions have ended. Returns the gate. */
export const openWhenKnown = (
  gate: StartupGate,
  { polled, statusOf }: Pick<AvailabilityMonitor, 'polled' | 'statusOf'>,
  { isKnown }: Pick<RevokedSessions, 'isKnown'>,
): StartupGate => {
  /** Auth alone says which sessions have ended: without it no token is accepted. */
  const untilSessionsAreKnown = async (): Promise<void> => {
    while (gate.isPending('auth') && statusOf('auth').status === 'ready' && !isKnown()) await delay(lookEveryMs);
  };
  const openOnce = async (service: ServiceName): Promise<void> => {
    await polled(service);
    if (service === 'auth') await untilSessionsAreKnown();
    gate.open(service);
  };
  for (const service of serviceNames) void openOnce(service);
  return gate;
};

/** Logs that the start is over, and how services are is still not known. */
export const tellUnknown =
  (log: Logger) =>
  (services: readonly ServiceName[]): void =>
    log.warn(
      { services },
      'these services have not answered since this gateway started: what needs them is refused from now on, until they do',
    );
