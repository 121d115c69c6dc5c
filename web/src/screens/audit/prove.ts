import type { AuditEvent } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { ProblemError } from '../../api/problem.ts';
import { recall, remember } from '../../api/remembered.ts';
import { fromBase64, toBase64 } from '../../proof/bytes.ts';
import { extendsLastSeen } from '../../proof/last-seen.ts';
import type { TreeHead } from '../../proof/merkle.ts';
import { BrokenProof, verifyReceipt, type ProofFault } from '../../proof/receipt.ts';

export type Verdict =
  | {
      readonly is: 'proven';
      readonly leaf: number;
      readonly size: number;
      readonly leafHash: string;
      readonly receipt: string;
      /** Whether the log was compared with the one that this browser saw last: not everybody may ask for that. */
      readonly isCompared: boolean;
    }
  | { readonly is: 'broken'; readonly why: ProofFault | 'different' | 'rewritten' | 'conflict' }
  | { readonly is: 'open'; readonly why: 'gone' | 'waiting' };

const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

/** Values with their names in one order, so that equal ones have equal texts. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, ordered(inner)]),
  );
};
const same = (one: unknown, other: unknown): boolean => JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));

/** Whether what the page shows is what the log holds. The position and the time of recording are told beside the event. */
const isShownAsLogged = (shown: AuditEvent, logged: Record<string, unknown>): boolean => {
  const { leafIndex: _leafIndex, recordedAt: _recordedAt, ...told } = shown;
  return (
    Object.keys(told).every((name) => name in logged) && Object.entries(told).every(([name, value]) => same(value, logged[name]))
  );
};

const seenName = 'audit-checkpoint';

/** The name by which this browser remembers the key of the log: with it a receipt is verified while nothing else answers. */
export const keyName = 'audit-log-key';

const lastSeen = (): TreeHead | null => {
  const [size = '', root = ''] = (recall(seenName) ?? '').split(' ');
  return size === '' || root === '' ? null : { size: Number(size), root: fromBase64(root) };
};

const keepSeen = ({ size, root }: TreeHead): void => remember(seenName, `${size} ${toBase64(root)}`);

/** The consistency proof between two sizes; null where the log was never signed at the later one, or is not any more. */
const pathBetween = async (from: number, to: number): Promise<readonly Uint8Array[] | null> => {
  try {
    const { path } = await call('getAuditConsistency', { query: { from, to } });
    return path.map(fromBase64);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
};

const verdictOf = (error: unknown): Verdict => {
  if (error instanceof BrokenProof) return { is: 'broken', why: error.fault };
  if (error instanceof ProblemError && error.code === 'CONFLICT') return { is: 'broken', why: 'conflict' };
  if (error instanceof ProblemError && error.code === 'GONE') return { is: 'open', why: 'gone' };
  if (error instanceof ProblemError && error.code === 'NOT_FOUND') return { is: 'open', why: 'waiting' };
  throw error;
};

/** Whether the log extends the one that was seen last; null for a person who may not ask for that. */
const comparedWithLastSeen = async (head: TreeHead): Promise<boolean | null> => {
  try {
    return await extendsLastSeen(head, { seen: lastSeen(), keep: keepSeen, pathBetween });
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'FORBIDDEN') return null;
    throw error;
  }
};

/**
 * Proves an event: its receipt by the key of the log, what is shown by the receipt, and the log by the one that was seen last. The receipt is
 * asked for where it is not given.
 */
export const prove = async (event: AuditEvent, given: string | null = null): Promise<Verdict> => {
  try {
    const [receipt, key] = await Promise.all([
      given ?? call('getAuditEventReceipt', { params: { eventId: event.id } }),
      call('getAuditLogKey'),
    ]);
    remember(keyName, key);
    const { eventText, index, head, leafHash } = verifyReceipt(receipt, key);
    if (index !== event.leafIndex || !isShownAsLogged(event, parse(eventText))) return { is: 'broken', why: 'different' };
    const extension = await comparedWithLastSeen(head);
    if (extension === false) return { is: 'broken', why: 'rewritten' };
    return { is: 'proven', leaf: index, size: head.size, leafHash, receipt, isCompared: extension === true };
  } catch (error) {
    return verdictOf(error);
  }
};
