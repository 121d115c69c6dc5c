import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { clashes, isSameDraft, rebased } from '../src/kit/rebase.ts';

const draft = fc.record({ name: fc.constantFrom('a', 'b', 'c'), many: fc.array(fc.nat(2), { maxLength: 2 }), count: fc.nat(2) });
const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

test('a draft on top of a later version keeps what was changed in it, and takes over everything else', () => {
  fc.assert(
    fc.property(draft, draft, draft, (before, mine, theirs) => {
      const result = rebased(before, mine, theirs);
      for (const name of ['name', 'many', 'count'] as const)
        expect(result[name]).toEqual(isEqual(before[name], mine[name]) ? theirs[name] : mine[name]);
      expect(clashes(before, mine, theirs)).toEqual(
        (['name', 'many', 'count'] as const).filter(
          (name) =>
            !isEqual(before[name], mine[name]) && !isEqual(before[name], theirs[name]) && !isEqual(mine[name], theirs[name]),
        ),
      );
      expect(isSameDraft(rebased(before, before, theirs), theirs)).toBe(true);
    }),
  );
});
