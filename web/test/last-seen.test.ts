import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { extendsLastSeen } from '../src/proof/last-seen.ts';
import type { TreeHead } from '../src/proof/merkle.ts';

const sha = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
};
const leaf = (text: string): Uint8Array => sha(Uint8Array.of(0), Buffer.from(text));
const headOf = (first: string, second?: string): TreeHead =>
  second === undefined ? { size: 1, root: leaf(first) } : { size: 2, root: sha(Uint8Array.of(1), leaf(first), leaf(second)) };

/** A browser that saw a tree, and a log that was last signed at a size. */
const compare = async (seen: TreeHead | null, head: TreeHead, { signedSize = head.size, second = 'b' } = {}) => {
  let kept = seen;
  const holds = await extendsLastSeen(head, {
    seen,
    keep: (larger) => void (kept = larger),
    pathBetween: async (_from, to) => (to > signedSize ? null : [leaf(second)]),
  });
  return { holds, kept };
};
const [one, two] = [headOf('a'), headOf('a', 'b')];

test('the first tree that a browser sees is kept, and a later one that grows from it in its place', async () => {
  expect(await compare(null, one)).toEqual({ holds: true, kept: one });
  expect(await compare(one, two)).toEqual({ holds: true, kept: two });
  expect(await compare(two, two)).toEqual({ holds: true, kept: two });
});

test('a receipt of before is of the same log, and the larger tree stays kept', async () => {
  expect(await compare(two, one, { signedSize: 2 })).toEqual({ holds: true, kept: two });
});

test('a log with another beginning, or another tree of the same size, is not the one that was seen', async () => {
  expect(await compare(headOf('x'), two)).toEqual({ holds: false, kept: headOf('x') });
  expect(await compare(two, headOf('a', 'x'))).toEqual({ holds: false, kept: two });
});

test('a log that was put back to an older state is not the one that was seen: it has no tree of that size any more', async () => {
  expect(await compare(two, one)).toEqual({ holds: false, kept: two });
});
