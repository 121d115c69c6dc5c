import { createHash, randomUUID } from 'node:crypto';
import { layoutOf, type Graph, type Layout } from '@guildhall/control-m';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyser, type StoredControlM } from '../src/index.ts';
import { loadGraphvizLayout } from '../src/control-m/graphviz-layout.ts';

const [boxWidth, boxHeight] = [180, 36];

const jobPath = (n: number): string => `F${Math.floor(n / 10)}/J${n % 10}`;

/** Chains of ten jobs, each of which waits for an earlier chain: as many workspaces look. */
const graphOfJobs = (count: number): Graph => {
  const nodes = Array.from({ length: count }, (_, n) => ({
    path: jobPath(n),
    name: `J${n % 10}`,
    kind: 'job' as const,
    type: 'Job:Dummy',
    parent: `F${Math.floor(n / 10)}`,
  }));
  const flows = nodes.flatMap((_, n) =>
    n % 10 === 0 ? [] : [{ from: jobPath(n - 1), to: jobPath(n), kind: 'flow' as const, by: 'Order' }],
  );
  const events = nodes.flatMap((_, n) =>
    n % 10 === 0 && n > 0
      ? [{ from: jobPath(Math.floor(n / 30) * 10 + ((n * 7) % 10)), to: jobPath(n), kind: 'event' as const, by: `e${n}` }]
      : [],
  );
  return { nodes, edges: [...flows, ...events] };
};

const edge = (from: string, to: string, kind: 'event' | 'run' = 'event') => ({ from, to, kind, by: `${from} ${to}` });

/** Points of a curve: the beginning, and eight of each cubic Bézier curve behind it. */
const pointsOf = (curve: readonly number[]): readonly (readonly [number, number])[] => {
  const points: [number, number][] = [];
  for (let at = 0; at + 7 < curve.length; at += 6) {
    for (let step = 1; step <= 8; step += 1) {
      const t = step / 8;
      const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
      const mean = (axis: number): number =>
        weights.reduce((sum, weight, point) => sum + weight * (curve[at + 2 * point + axis] ?? 0), 0);
      points.push([mean(0), mean(1)]);
    }
  }
  return points;
};

/** The pairs of an edge and a box of another node that its curve runs through, a pixel of the border apart. */
const throughBoxes = ({ edges }: Graph, { nodes, curves = [] }: Layout): number =>
  edges.reduce((sum, { from, to }, index) => {
    const others = nodes.filter(({ path }) => path !== from && path !== to);
    const points = pointsOf(curves[index] ?? []);
    const hit = others.filter(({ x, y }) =>
      points.some(([px, py]) => px > x + 1 && px < x + boxWidth - 1 && py > y + 1 && py < y + boxHeight - 1),
    );
    return sum + hit.length;
  }, 0);

const overlapping = ({ nodes }: Layout): number =>
  nodes.reduce(
    (sum, one, index) =>
      sum + nodes.slice(index + 1).filter(({ x, y }) => Math.abs(x - one.x) < boxWidth && Math.abs(y - one.y) < boxHeight).length,
    0,
  );

let layOut: (graph: Graph) => Layout;
beforeAll(async () => {
  layOut = await loadGraphvizLayout();
});

describe('a graph that Graphviz lays out', () => {
  test('is readable at 500 jobs: no box covers another, no edge runs through a box, and what waits stands to the right', () => {
    const graph = graphOfJobs(500);
    const drawn = layOut(graph);
    expect(drawn.nodes).toHaveLength(500);
    expect(drawn.curves?.filter((curve) => curve.length >= 8 && curve.length % 6 === 2)).toHaveLength(graph.edges.length);
    expect([overlapping(drawn), throughBoxes(graph, drawn)]).toEqual([0, 0]);
    const x = new Map(drawn.nodes.map((node) => [node.path, node.x]));
    expect(graph.edges.filter(({ from, to }) => (x.get(from) ?? 0) + boxWidth >= (x.get(to) ?? 0))).toEqual([]);
    expect(drawn.nodes.every((node) => node.x >= 0 && node.x + boxWidth <= drawn.width)).toBe(true);
    expect(drawn.nodes.every((node) => node.y >= 0 && node.y + boxHeight <= drawn.height)).toBe(true);
  });

  test('is the same each time', () => {
    const graph = graphOfJobs(60);
    expect(layOut(graph)).toEqual(layOut(graph));
  });

  test('keeps loops, cycles and several edges between the same two', () => {
    const [one, two] = graphOfJobs(2).nodes;
    if (one === undefined || two === undefined) throw new Error('There are two nodes.');
    const edges = [
      edge(one.path, two.path),
      edge(one.path, two.path),
      edge(two.path, one.path),
      edge(one.path, one.path),
      edge(two.path, one.path, 'run'),
    ];
    const drawn = layOut({ nodes: [one, two], edges });
    expect(drawn.curves?.map((curve) => curve.length >= 8)).toEqual([true, true, true, true, true]);
    expect(new Set(drawn.curves?.map(String)).size).toBe(5);
  });

  test('has the plain layout beyond its bounds, and where nothing waits', () => {
    const large = graphOfJobs(1_001);
    expect(layOut(large)).toEqual(layoutOf(large));
    const loose = { ...graphOfJobs(20), edges: [] };
    expect(layOut(loose)).toEqual(layoutOf(loose));
  });
});

test('a graph that takes too long to lay out has the plain layout', async () => {
  const definition = JSON.stringify({
    Type: 'Folder',
    ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`J${n}`, { Type: 'Job:Dummy' }])),
    Order: { Type: 'Flow', Sequence: Array.from({ length: 300 }, (_, n) => `J${n}`) },
  });
  const at = '2026-01-31T08:30:00.000Z';
  const head = { id: randomUUID(), workspaceId: 'w', name: 'F', sizeBytes: definition.length, version: 1 };
  const made = { createdBy: 'ada', createdByName: 'Ada', createdAt: at, updatedAt: at };
  const sha256 = createHash('sha256').update(definition).digest('hex');
  const stored: StoredControlM = {
    communityId: null,
    role: 'owner',
    namingRules: [],
    folders: [{ ...head, ...made, sha256, jobCount: 300, definition }],
    documents: [],
  };
  // No layout of so many jobs is done within a millisecond.
  const analyser = createAnalyser({ layoutMsMax: 1 });
  try {
    const graph = JSON.parse(await analyser.analyse('ada', 'graph', stored, {})) as { edges: { curve: number[] }[] };
    expect(graph.edges.map(({ curve }) => curve)).toEqual(Array.from({ length: 299 }, () => []));
  } finally {
    await analyser.close();
  }
});
