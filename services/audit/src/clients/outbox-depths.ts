import type { ServiceName } from '@guildhall/contracts';
import { answerOf, createInternalClient, type Logger } from '@guildhall/http';
import type { InternalSigner } from '@guildhall/principal';
import { Type } from 'typebox';
import type { OutboxDepth, Outboxes } from '../core/trail/status.ts';

/** The services that write audit events. */
type Writer = Exclude<ServiceName, 'audit'>;

export interface OutboxDepthsParts {
  /** Null: that service cannot be asked. */
  readonly urls: Readonly<Record<Writer, string | null>>;
  readonly signer: InternalSigner;
  readonly log: Logger;
}

/** The status waits for the slowest answer, up to this. */
const timeoutMs = 1_000;
const Answer = answerOf(
  Type.Object({ waiting: Type.Integer({ minimum: 0 }), oldestWaitingSeconds: Type.Number({ minimum: 0 }) }),
);

/** Asks each writing service what its outbox still holds. */
export const createOutboxDepths = ({ urls, signer, log }: OutboxDepthsParts): Outboxes & { close(): Promise<void> } => {
  const clientOf = (service: Writer) => {
    const baseUrl = urls[service];
    return { service, client: baseUrl === null ? null : createInternalClient({ baseUrl, service, signer, timeoutMs }) };
  };
  const clients = [clientOf('auth'), clientOf('team-resources')];

  const ask = async ({ service, client }: (typeof clients)[number], requestId: string): Promise<OutboxDepth> => {
    const unknown = { service, waiting: null, oldestWaitingSeconds: null };
    if (client === null) return unknown;
    try {
      const depth = await client.call({ method: 'GET', path: '/internal/outbox', requestId, answer: Answer });
      return { service, waiting: depth.waiting, oldestWaitingSeconds: depth.oldestWaitingSeconds };
    } catch (error) {
      log.debug({ err: error, service }, 'the outbox depth of a service could not be read');
      return unknown;
    }
  };
  return {
    depths: (requestId) => Promise.all(clients.map((each) => ask(each, requestId))),
    close: async () => void (await Promise.all(clients.map(async ({ client }) => client?.close()))),
  };
};
