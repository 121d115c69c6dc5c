import { eventDestinations, internalRoutes, type EventKind } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { InternalSigner } from '@guildhall/principal';
import { answerOf, createInternalClient, type InternalClient } from './client.ts';

export interface MissingEvents {
  /** The ids of events that the service taking this kind does not have as they are. Throws SERVICE_UNAVAILABLE when it cannot be asked. */
  find(
    kind: EventKind,
    events: readonly { readonly id: string; readonly digest: string }[],
  ): Promise<{ readonly missing: readonly string[]; readonly altered: readonly string[] }>;
  close(): Promise<void>;
}

export interface MissingEventsParts {
  /** The URLs of the services that consume this process's events; null or absent for one that is not configured. */
  readonly urls: Readonly<Partial<Record<(typeof eventDestinations)[EventKind], string | null>>>;
  readonly signer: InternalSigner;
}

const timeoutMs = 5_000;
const { method, path, responses } = internalRoutes.findMissingEvents('audit');
const Answer = answerOf(responses[200]);

/** Asks the consumers of events which ones they lack, so that an outbox removes only confirmed events. */
export const createMissingEvents = ({ urls, signer }: MissingEventsParts): MissingEvents => {
  const clientOf = (service: keyof typeof urls): InternalClient | null => {
    const baseUrl = urls[service] ?? null;
    return baseUrl === null ? null : createInternalClient({ baseUrl, service, signer, timeoutMs });
  };
  const clients = { auth: clientOf('auth'), audit: clientOf('audit'), 'team-resources': clientOf('team-resources') };
  return {
    async find(kind, events) {
      const service = eventDestinations[kind];
      const client = clients[service];
      if (client === null) throw new AppError('SERVICE_UNAVAILABLE', `The address of the ${service} service is not set.`);
      return client.call({ method, path, mayBeSentAgain: true, body: { kind, events }, answer: Answer });
    },
    async close() {
      await Promise.all(Object.values(clients).map(async (client) => client?.close()));
    },
  };
};
