import { eventDestinations, type EventKind } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { answerOf, createInternalClient, type InternalClient } from '@guildhall/http';
import type { InternalSigner } from '@guildhall/principal';
import { Type } from 'typebox';

export interface MissingEvents {
  /** The ids that the service taking this kind does not have. Throws SERVICE_UNAVAILABLE when it cannot be asked. */
  find(kind: EventKind, ids: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface MissingEventsParts {
  readonly urls: Readonly<Record<(typeof eventDestinations)[EventKind], string | null>>;
  readonly signer: InternalSigner;
}

const timeoutMs = 5_000;
const Answer = answerOf(Type.Object({ missing: Type.Array(Type.String()) }));

/** Asks the services that take events what they lack. */
export const createMissingEvents = ({ urls, signer }: MissingEventsParts): MissingEvents => {
  const clientOf = (service: keyof typeof urls): InternalClient | null => {
    const baseUrl = urls[service];
    return baseUrl === null ? null : createInternalClient({ baseUrl, service, signer, timeoutMs });
  };
  const clients = { audit: clientOf('audit'), 'team-resources': clientOf('team-resources') };
  return {
    async find(kind, ids) {
      const service = eventDestinations[kind];
      const client = clients[service];
      if (client === null) throw new AppError('SERVICE_UNAVAILABLE', `The address of the ${service} service is not set.`);
      const { missing } = await client.call({
        method: 'POST',
        path: '/internal/events/missing',
        body: { kind, ids },
        answer: Answer,
      });
      return missing;
    },
    async close() {
      await Promise.all(Object.values(clients).map(async (client) => client?.close()));
    },
  };
};
