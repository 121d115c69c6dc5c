/** The ranks of values from 1; equal ones share the middle of their ranks. */
const ranksOf = (values: readonly number[]): readonly number[] => {
  const sorted = values.toSorted((one, other) => one - other);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
};

/**
 * The rank-sum test of Mann and Whitney (1947): how many standard deviations the ranks of one sample lie above those of the other, as far as chance alone explains. It asks for no
 * distribution, so that outliers of a busy machine, which meet interleaved samples alike, do not decide. Normal approximation, for samples of at least 20.
 */
export const rankSumDeviation = (one: readonly number[], other: readonly number[]): number => {
  const ranks = ranksOf([...one, ...other]);
  const [n, m] = [one.length, other.length];
  const rankSum = ranks.slice(0, n).reduce((sum, rank) => sum + rank, 0);
  const u = rankSum - (n * (n + 1)) / 2;
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
};
