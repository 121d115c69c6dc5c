import type { AuditLogRepair, AuditLogRepairRequest } from '@guildhall/contracts';
import type { WitnessedLog } from './witness.ts';

export interface AuditRepairs {
  /** Without a reason nothing is changed. */
  repair(asked: AuditLogRepairRequest): Promise<AuditLogRepair>;
}

export interface AcceptLogParts {
  readonly audit: AuditRepairs;
  readonly logs: { listOwn(): readonly WitnessedLog[]; forget(origin: string): void };
  /** Keeps what the witness saw, durably, and returns where. */
  readonly keepSeen: (log: WitnessedLog, eventId: string) => string;
}

const treeOf = ({ origin, size }: { readonly origin: string | null; readonly size: number }): string =>
  `${size} events as ${origin ?? 'a log without a key'}`;

function* describe(seen: readonly WitnessedLog[], found: AuditLogRepair): Generator<string> {
  for (const log of seen) yield `The witness saw ${treeOf(log)}.`;
  if (seen.length === 0) yield 'The witness knows no log of this installation.';
  yield `The log has ${treeOf(found)}; ${found.signedSize === null ? 'nothing of it is signed' : `${found.signedSize} are signed`}.`;
  yield found.refusal === null ? 'Nothing keeps it from being signed.' : `It is not signed: ${found.refusal}`;
}

/**
 * Makes the witness accept the log as it is, after audit has recorded that: it forgets what it saw, which is kept as evidence, and follows
 * the log anew. Without a reason it only says what it would do.
 */
export async function* acceptLog({ audit, logs, keepSeen }: AcceptLogParts, reason: string | null): AsyncGenerator<string> {
  const seen = logs.listOwn();
  const last = seen.at(-1);
  const asked: AuditLogRepairRequest = {
    what: 'accept-log',
    ...(last === undefined ? {} : { witnessed: { origin: last.origin, size: last.size, root: last.root } }),
  };
  yield* describe(seen, await audit.repair(asked));
  if (reason === null) {
    const { isCheckpointKept } = await audit.repair(asked);
    yield isCheckpointKept
      ? 'Accepted, the witness would forget what it saw, and cosign this log from its next checkpoint on.'
      : 'Accepted, its checkpoints would be removed, which it does not begin with, and the witness would forget what it saw.';
    return;
  }
  const { eventId } = await audit.repair({ ...asked, reason });
  for (const log of seen) {
    yield `What the witness saw is kept in ${keepSeen(log, eventId ?? '')}.`;
    logs.forget(log.origin);
  }
  yield `Accepted: the event ${eventId ?? ''} says so. Every process of audit goes on from there.`;
}

/** Deletes the rows that somebody planted beside the log, after audit has recorded which. Without a reason it only names them. */
export async function* deletePlanted({ audit }: Pick<AcceptLogParts, 'audit'>, reason: string | null): AsyncGenerator<string> {
  let { planted } = await audit.repair({ what: 'delete-planted' });
  const more = planted.count > planted.ids.length ? ' …' : '';
  yield `${planted.count} rows are not part of the log${planted.count === 0 ? '.' : `: ${planted.ids.join(', ')}${more}`}`;
  if (reason === null) return;
  while (planted.count > 0) {
    const { eventId } = await audit.repair({ what: 'delete-planted', reason });
    yield `${planted.ids.length} deleted: the event ${eventId ?? ''} names them.`;
    ({ planted } = await audit.repair({ what: 'delete-planted' }));
  }
}

/**
 * Acknowledges what the last check of the log found and nothing makes good any more: it stays told by audit and the verifier, and raises no alarm. Without a
 * reason it only names it.
 */
export async function* acknowledgeFaults(
  { audit }: Pick<AcceptLogParts, 'audit'>,
  reason: string | null,
): AsyncGenerator<string> {
  const asked = reason === null ? {} : { reason };
  const { checkedAt, acknowledgeable, eventId } = await audit.repair({ what: 'acknowledge-faults', ...asked });
  if (checkedAt === null) {
    yield 'The log was not checked from end to end yet since audit was started: ask again later.';
    return;
  }
  yield `The check of the log that ended at ${checkedAt} found ${acknowledgeable.length} faults that can be acknowledged.`;
  for (const { kind, detail } of acknowledgeable) yield `${kind}: ${detail}`;
  if (eventId !== null)
    yield `Acknowledged: the event ${eventId} names them. The next check raises no alarm for them; GET /v1/audit/status and make audit-verify go on telling of them.`;
}

/** Has audit compute the tiles and the head of the log anew from its leaf hashes, which must lead to what was signed. Without a reason it only names what differs. */
export async function* rebuildHashes({ audit }: Pick<AcceptLogParts, 'audit'>, reason: string | null): AsyncGenerator<string> {
  const asked = reason === null ? {} : { reason };
  const { wrongHashes, eventId } = await audit.repair({ what: 'rebuild-hashes', ...asked });
  yield wrongHashes.length === 0
    ? 'The tiles and the head hold the hashes that the leaves lead to.'
    : `These hold other hashes than the leaves lead to: ${wrongHashes.join(', ')}.`;
  if (eventId !== null) yield `They were computed anew: the event ${eventId} names them.`;
}
