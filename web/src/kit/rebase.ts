const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The fields of two drafts that differ. */
const differing = <Draft extends object>(one: Draft, other: Draft): readonly (keyof Draft)[] =>
  (Object.keys(other) as (keyof Draft)[]).filter((name) => !isEqual(one[name], other[name]));

export const isSameDraft = <Draft extends object>(one: Draft, other: Draft): boolean => differing(one, other).length === 0;

/** A draft that began from `before`, on top of a later version: what was changed in it stays, everything else is theirs. */
export const rebased = <Draft extends object>(before: Draft, mine: Draft, theirs: Draft): Draft => ({
  ...theirs,
  ...Object.fromEntries(differing(before, mine).map((name) => [name, mine[name]])),
});

/** The fields that both sides changed, each in its own way. */
export const clashes = <Draft extends object>(before: Draft, mine: Draft, theirs: Draft): readonly (keyof Draft)[] => {
  const changedThere = new Set(differing(before, theirs));
  return differing(before, mine).filter((name) => changedThere.has(name) && !isEqual(mine[name], theirs[name]));
};
