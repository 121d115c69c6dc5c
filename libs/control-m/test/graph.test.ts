import { describe, expect, test } from 'vitest';
import {
  criticalPathOf,
  dotOf,
  drawnGraph,
  graphOf,
  layoutOf,
  mermaidOf,
  neighbourhoodOf,
  readPlain,
  svgOf,
  type Graph,
} from '../src/index.ts';
import { mermaidCharactersMax, mermaidEdgesMax } from '../src/graph/mermaid.ts';
import { command, documentOf } from './documents.ts';
import { planOf, seeded, sourceOf } from './workspaces.ts';

const sample = documentOf({
  A: {
    Type: 'Folder',
    One: command({ out: { Type: 'AddEvents', Events: [{ Event: 'one' }] } }),
    Two: command({ in: { Type: 'WaitForEvents', Events: [{ Event: 'one' }] } }),
    Three: command({ failed: { Type: 'If', again: { Type: 'Run', Folder: 'B', Job: 'Four' } } }),
    Order: { Type: 'Flow', Sequence: ['Two', 'Three'] },
  },
  B: { Type: 'Folder', Four: command(), 'a "b" <c>': command() },
});
const graph = drawnGraph(graphOf(sample));
const paths = ({ nodes }: Graph): readonly string[] => nodes.map(({ path }) => path);

/** A node as Graphviz tells of it. */
const nodeLine = (n: number): string => `node ${n} ${1.25 + 3 * n} 0.25 2.5 0.5 "" solid box black lightgrey`;

describe('the graph of jobs', () => {
  test('has an edge for each order, event and start', () => {
    expect(graph.edges).toEqual([
      { from: 'A/Two', to: 'A/Three', kind: 'flow', by: 'Order' },
      { from: 'A/One', to: 'A/Two', kind: 'event', by: 'one' },
      { from: 'A/Three', to: 'B/Four', kind: 'run', by: '' },
    ]);
    expect(paths(graph)).toEqual(['A/One', 'A/Two', 'A/Three', 'B/Four', 'B/a "b" <c>']);
  });

  test('says what waits for a job, what it waits for, and how far away that is', () => {
    expect(paths(neighbourhoodOf(graph, 'A/Two', 1, 'both'))).toEqual(['A/One', 'A/Two', 'A/Three']);
    expect(paths(neighbourhoodOf(graph, 'A/Two', 9, 'downstream'))).toEqual(['A/Two', 'A/Three', 'B/Four']);
    expect(paths(neighbourhoodOf(graph, 'A/Two', 9, 'upstream'))).toEqual(['A/One', 'A/Two']);
    expect(criticalPathOf(graph)).toEqual(['A/One', 'A/Two', 'A/Three']);
  });

  test('is drawn from left to right, without overlaps, cycles or not', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const drawn = drawnGraph(graphOf(documentOf(sourceOf(planOf(seeded(seed))))));
      const { nodes, width, height } = layoutOf(drawn);
      expect(nodes.map(({ path }) => path).toSorted()).toEqual(paths(drawn).toSorted());
      expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
      expect(nodes.every(({ x, y }) => x >= 0 && y >= 0 && x < width && y < height)).toBe(true);
    }
    const x = new Map(layoutOf(graph).nodes.map((node) => [node.path, node.x]));
    expect([...x].toSorted(([, one], [, other]) => one - other).at(-1)?.[0]).toBe('A/Three');
  });

  test('is an SVG whose names are text', () => {
    const svg = svgOf(graph, layoutOf(graph));
    expect(svg).toContain('a &quot;b&quot; &lt;c&gt;');
    expect(svg.match(/<rect/g)).toHaveLength(5);
    expect(svg.match(/<path class="event"/g)).toHaveLength(1);
    expect(svg).not.toMatch(/<script|<c>|href/);
  });

  test('is written for Graphviz by numbers, and drawn by the curves that it answers', () => {
    expect(dotOf(graph)).toContain('\n0\n1\n2\n3\n4\n1->2\n0->1\n2->3 [constraint=false]\n}');
    const answer = [
      'graph 1 15 1',
      ...[0, 1, 2, 3, 4].map(nodeLine),
      'edge 0 1 4 2.5 0.25 2.7 0.25 3 0.25 3.25 0.25 solid black',
      'stop',
    ];
    const drawn = readPlain(graph, answer.join('\n'));
    expect([drawn?.width, drawn?.height, drawn?.nodes[1]]).toEqual([1120, 112, expect.objectContaining({ x: 236, y: 56 })]);
    expect(drawn?.curves).toEqual([[], [200, 74, 214.4, 74, 236, 74, 254, 74], []]);
    expect(drawn && svgOf(graph, drawn)).toContain('<path class="event" d="M200 74C214.4 74 236 74 254 74"');
    expect(readPlain(graph, 'graph 1 2 1\nstop')).toBeUndefined();
  });

  test('is one Mermaid flowchart, or one for each folder within the bounds of Mermaid', () => {
    expect(mermaidOf(graph)).toEqual([
      {
        name: '',
        isCut: false,
        text: [
          'flowchart LR',
          '  subgraph "A"',
          '    n0["One"]',
          '    n1["Two"]',
          '    n2["Three"]',
          '  end',
          '  subgraph "B"',
          '    n3["Four"]',
          '    n4["a #34;b#34; #60;c#62;"]',
          '  end',
          '  n1 --> n2',
          '  n0 -.-> n1',
          '  n2 --o n3',
          '',
        ].join('\n'),
      },
    ]);
    const jobs = Array.from({ length: 400 }, (_, n) => [`J${n}`, command()] as const);
    const folder = { Type: 'Folder', ...Object.fromEntries(jobs), Order: { Type: 'Flow', Sequence: jobs.map(([name]) => name) } };
    const diagrams = mermaidOf(graphOf(documentOf({ A: folder, B: folder, C: folder })));
    expect(diagrams.map(({ name, isCut }) => [name, isCut])).toEqual([
      ['A', false],
      ['B', false],
      ['C', false],
    ]);
    for (const { text } of diagrams) {
      expect(text.length).toBeLessThanOrEqual(mermaidCharactersMax);
      expect(text.split('-->').length - 1).toBeLessThanOrEqual(mermaidEdgesMax);
    }
  });
});
