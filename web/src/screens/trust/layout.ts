/** A point of the drawing. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Node {
  readonly userId: string;
  readonly distance: number;
}

/** The distance between two rings, and the least distance of two members on one, in units of the drawing. */
const ringGap = 92;
const memberGap = 78;
const margin = 56;

/** The radii of the rings: each lies outside of the one before, and is long enough for its members. */
const radiiOf = (counts: readonly number[]): readonly number[] => {
  let before = 0;
  return counts.map((count, distance) => {
    if (distance === 0) return 0;
    before = Math.max(before + ringGap, (count * memberGap) / (2 * Math.PI));
    return before;
  });
};

/** Arranges members on rings around the one in the middle, by their distance from it. */
export const arrange = (nodes: readonly Node[]): { readonly spots: ReadonlyMap<string, Spot>; readonly size: number } => {
  const rings = Object.values(Object.groupBy(nodes, ({ distance }) => distance)).map((ring) => ring ?? []);
  const radii = radiiOf(rings.map((ring) => ring.length));
  const middle = (radii.at(-1) ?? 0) + margin;
  const spots = new Map<string, Spot>();
  for (const [index, ring] of rings.entries())
    for (const [order, { userId }] of ring.entries()) {
      const angle = (2 * Math.PI * order) / ring.length - Math.PI / 2 + index * 0.5;
      const radius = radii[index] ?? 0;
      spots.set(userId, { x: middle + radius * Math.cos(angle), y: middle + radius * Math.sin(angle) });
    }
  return { spots, size: middle * 2 };
};
