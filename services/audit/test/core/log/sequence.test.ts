import { describe, expect, test } from 'vitest';
import type { AuditEventMessage } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { type Frontier, emptyFrontier } from '@guildhall/tlog';
import type { Append, NewLeaf, SequencedLog } from '../../../src/core/log/sequenced-log.ts';
import { appendEventsMax, createSequencer } from '../../../src/core/log/sequence.ts';
import { sha256 } from './log-model.ts';

const at = '2026-03-01T10:00:00.000Z';
let last = 0;
const message = (): AuditEventMessage => ({
  id: `00000000-0000-4000-8000-${String((last += 1)).padStart(12, '0')}`,
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'system', id: 'auth' },
    action: 'user.create',
    resource: { type: 'user', id: 'ada' },
    result: 'success',
    requestId: 'request-1',
    service: 'auth',
  },
});
const messages = (count: number): AuditEventMessage[] => Array.from({ length: count }, message);

/** A log in memory that keeps the rules of the stored one, and notes what was done with it. */
const startLog = ({ heldFor = 0, append }: { heldFor?: number; append?: (step: Append<NewLeaf>) => void } = {}) => {
  const done: string[] = [];
  // A set: in an array each append would search all that was stored before, once for every event of it.
  const stored = new Set<string>();
  let head: Frontier = emptyFrontier;
  let fencing = 0;
  let refusals = heldFor;
  const known = async (asked: readonly string[]) => new Set(asked.filter((id) => stored.has(id)));
  const log: SequencedLog = {
    async claim(asked) {
      if (refusals > 0) {
        refusals -= 1;
        return null;
      }
      done.push('claim');
      fencing += 1;
      return { lease: { fencing, head }, known: await known(asked) };
    },
    known,
    async append(step) {
      append?.(step);
      if (step.lease.head.size !== head.size || step.lease.fencing !== fencing) return false;
      done.push(`append ${step.leaves.length}${step.keepsLease ? '' : ' and let go'}`);
      for (const { event } of step.leaves) stored.add(event.id);
      head = step.next;
      return true;
    },
    unsequenced: async () => [],
    place: async () => false,
    setPlantedAside: async () => [],
    setUnplacedAside: async () => undefined,
    async release() {
      done.push('release');
    },
  };
  const sequencer = createSequencer({ log, sha256, pause: async () => void done.push('pause'), onPlanted: () => undefined });
  return { done, ids: () => [...stored], sequencer, claimByAnother: () => (fencing += 1) };
};

describe('the sequencer', () => {
  test('takes what came meanwhile together, and lets the lease go with its last statement', async () => {
    const { done, ids, sequencer } = startLog();
    const batches = [messages(2), messages(3), messages(4)];
    expect(await Promise.all(batches.map((batch) => sequencer.record(batch, at)))).toEqual([2, 3, 4]);
    expect(done).toEqual(['claim', 'append 9 and let go']);
    expect(ids()).toEqual(batches.flat().map(({ id }) => id));
    expect(sequencer.waiting()).toBe(0);
  });

  test('puts no more together than a statement may hold, under one lease', async () => {
    const { done, sequencer } = startLog();
    await Promise.all([700, 400, 600, 500].map((count) => sequencer.record(messages(count), at)));
    expect(done).toEqual(['claim', 'append 700', `append ${appendEventsMax}`, 'append 500 and let go']);
  });

  test('asks again while another has the lease', async () => {
    const { done, sequencer } = startLog({ heldFor: 3 });
    expect(await sequencer.record(messages(1), at)).toBe(1);
    expect(done).toEqual(['pause', 'pause', 'pause', 'claim', 'append 1 and let go']);
  });

  test('gives up when another keeps the lease for too long', async () => {
    const { sequencer } = startLog({ heldFor: 1_000 });
    await expect(sequencer.record(messages(1), at)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  test('leaves others their turn when there is always more to do', async () => {
    const { done, sequencer } = startLog();
    await Promise.all(Array.from({ length: 20 }, () => sequencer.record(messages(appendEventsMax), at)));
    expect(done.indexOf('pause')).toBe(17);
    expect(done.slice(16, 19)).toEqual([`append ${appendEventsMax} and let go`, 'pause', 'claim']);
    expect(done.filter((what) => what === 'claim')).toHaveLength(2);
  });

  test('stores a batch that is there already without a hole, and lets the lease go', async () => {
    const { done, ids, sequencer } = startLog();
    const [first = message(), ...rest] = messages(3);
    expect(await sequencer.record([first], at)).toBe(1);
    expect(await sequencer.record([first, ...rest, ...rest], at)).toBe(2);
    expect(await sequencer.record([first, ...rest], at)).toBe(0);
    expect(ids()).toEqual([first, ...rest].map(({ id }) => id));
    await sequencer.sequenceStored();
    expect(done).toEqual(['claim', 'append 1 and let go', 'append 2 and let go']);
  });

  test('claims no log that it has let go and nobody has claimed since, and claims it once another has', async () => {
    const { done, ids, sequencer, claimByAnother } = startLog();
    for (let count = 0; count < 3; count += 1) expect(await sequencer.record(messages(1), at)).toBe(1);
    expect(done).toEqual(['claim', 'append 1 and let go', 'append 1 and let go', 'append 1 and let go']);
    claimByAnother();
    done.length = 0;
    for (let count = 0; count < 2; count += 1) expect(await sequencer.record(messages(1), at)).toBe(1);
    expect(done).toEqual(['claim', 'append 1 and let go', 'claim', 'append 1 and let go']);
    for (let count = 0; count < 16; count += 1) await sequencer.record(messages(1), at);
    done.length = 0;
    expect(await sequencer.record(messages(1), at)).toBe(1);
    expect(done).toEqual(['append 1 and let go']);
    expect(ids()).toHaveLength(22);
  });

  test('reads the head anew after a failure whose outcome nobody knows', async () => {
    let isCut = true;
    const { done, sequencer } = startLog({
      append: () => {
        if (isCut) throw new AppError('SHARED_DB_UNAVAILABLE', 'Away.');
      },
    });
    await expect(sequencer.record(messages(1), at)).rejects.toMatchObject({ code: 'SHARED_DB_UNAVAILABLE' });
    isCut = false;
    expect(await sequencer.record(messages(1), at)).toBe(1);
    expect(done).toEqual(['claim', 'release', 'claim', 'append 1 and let go']);
  });

  test('takes no more than it may hold', async () => {
    const { sequencer } = startLog();
    const taken = Array.from({ length: 25 }, () =>
      sequencer.record(messages(appendEventsMax), at).catch((error: unknown) => error),
    );
    const refused = (await Promise.all(taken)).filter((answer) => answer instanceof AppError);
    expect(refused).toHaveLength(5);
  });
});
