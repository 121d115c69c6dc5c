import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stronglyConnected } from '../src/sync/strongly-connected.ts';

const graphs = fc
  .integer({ min: 1, max: 7 })
  .chain((size) => fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }));

/** Whether a way leads from one node to another, by every way that there is. */
const reaches = (edges: readonly (readonly number[])[], from: number, to: number, seen = new Set<number>()): boolean => {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (edges[from] ?? []).some((next) => reaches(edges, next, to, seen));
};

test('components hold exactly the nodes that reach each other, behind those that they lead to', () => {
  fc.assert(
    fc.property(graphs, (edges) => {
      const nodes = edges.map((_edges, node) => node);
      const components = stronglyConnected(nodes, (node) => edges[node] ?? []);
      expect(components.flat().toSorted((one, other) => one - other)).toEqual(nodes);
      const placeOf = (node: number): number => components.findIndex((component) => component.includes(node));
      for (const one of nodes) {
        for (const other of nodes) {
          expect(placeOf(one) === placeOf(other)).toBe(reaches(edges, one, other) && reaches(edges, other, one));
          expect(placeOf(other) <= placeOf(one) || !(edges[one] ?? []).includes(other)).toBe(true);
        }
      }
    }),
  );
});

test('nodes without edges keep their order', () => {
  expect(stronglyConnected([3, 1, 2], () => [])).toEqual([[3], [1], [2]]);
});
