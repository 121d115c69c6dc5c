import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { afterAll, describe, expect, test } from 'vitest';
import { createAnalyser } from '../src/index.ts';
import type { StoredControlM } from '../src/index.ts';

const analyser = createAnalyser();
afterAll(() => analyser.close());

const at = '2026-01-31T08:30:00.000Z';

/** A workspace of one folder, whose jobs follow each other. */
const workspaceOf = (jobs: number, padding = ''): StoredControlM => {
  const names = Array.from({ length: jobs }, (_, n) => `J${n}`);
  const definition = JSON.stringify({
    Type: 'Folder',
    Description: padding,
    ...Object.fromEntries(names.map((name) => [name, { Type: 'Job:Dummy' }])),
    Order: { Type: 'Flow', Sequence: names },
  });
  const sha256 = createHash('sha256').update(definition).digest('hex');
  const times = { createdBy: 'ada', createdByName: 'Ada', createdAt: at, updatedAt: at };
  const head = { id: randomUUID(), workspaceId: 'w', name: 'F', sizeBytes: definition.length, sha256, version: 1, ...times };
  return { communityId: null, role: 'owner', namingRules: [], folders: [{ ...head, jobCount: jobs, definition }], documents: [] };
};
const small = workspaceOf(3);
const large = workspaceOf(3, 'x'.repeat(300_000));

describe.each([
  ['a small workspace, on the event loop', small],
  ['a large workspace, in a worker', large],
])('an analysis of %s', (_name, stored) => {
  test('answers the same', async () => {
    const { items } = await analyser.analyse('ada', 'jobs', stored, {});
    expect(items.map(({ path }) => path)).toEqual(['F/J0', 'F/J1', 'F/J2']);
    const graph = JSON.parse(await analyser.analyse('ada', 'graph', stored, {})) as {
      readonly criticalPath: unknown;
      readonly edges: readonly { readonly curve: readonly number[] }[];
    };
    expect(graph.criticalPath).toEqual(['F/J0', 'F/J1', 'F/J2']);
    // Graphviz has laid it out.
    expect(graph.edges.map(({ curve }) => curve.length >= 8)).toEqual([true, true]);
  });

  test('is refused with the same error', async () => {
    const refusal = analyser.analyse('ada', 'graph', stored, { around: 'F/None' });
    await expect(refusal).rejects.toThrow(new AppError('NOT_FOUND', 'There is no such job.'));
    await expect(refusal).rejects.toBeInstanceOf(AppError);
    const descriptor = analyser.analyse('ada', 'transform', stored, { descriptor: '{}' });
    await expect(descriptor).rejects.toMatchObject({ code: 'INVALID', errors: [{ path: '/descriptor' }] });
  });
});

test('a graph is made once for all who ask at once, and again once a folder has another digest', async () => {
  const asked = Array.from({ length: 10 }, () => analyser.analyse('ada', 'svg', large, { depth: 7 }));
  const [first, ...others] = await Promise.all(asked);
  expect(new Set(others)).toEqual(new Set([first]));
  const [folder] = large.folders;
  if (folder === undefined) throw new Error('no folder');
  const renamed = { ...large, folders: [{ ...folder, name: 'G' }] };
  expect(await analyser.analyse('ada', 'graph', renamed, {})).toContain('G/J0');
});

test('more than four large analyses of one user at once are refused', async () => {
  const asked = Array.from({ length: 5 }, () => analyser.analyse('bob', 'check', large, undefined));
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map(({ status }) => status)).toEqual([...Array.from({ length: 4 }, () => 'fulfilled'), 'rejected']);
  expect(outcomes[4]).toMatchObject({ reason: { code: 'RATE_LIMITED', retryAfterSeconds: 2 } });
});
