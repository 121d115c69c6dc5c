import { isWaiting, type Graph, type GraphEdge } from './dependencies.ts';
import { nodeHeight, nodeWidth, type Layout, type PlacedNode } from './layout.ts';

/** Graphs in the language of Graphviz, and its answers in its form `plain` (graphviz.org/docs/outputs/plain). */

/** Graphviz measures in inches; a pixel of ours is one of its points. */
const pixelsPerInch = 72;
const margin = 20;
const inches = (pixels: number): string => String(pixels / pixelsPerInch);

/** Bounds of its network simplex and of its passes against crossings: without them, 500 dense jobs take many times as long. */
const effort = 'nslimit=2 nslimit1=2 mclimit=0.5';

const names = ({ nodes }: Graph): ReadonlyMap<string, number> => new Map(nodes.map(({ path }, index) => [path, index]));

/** Writes a graph for Graphviz: from left to right, its nodes by number. A start by an `If` pushes nothing to the right. */
export const dotOf = (graph: Graph): string => {
  const numbers = names(graph);
  const line = (edge: GraphEdge): string =>
    `${numbers.get(edge.from)}->${numbers.get(edge.to)}${isWaiting(edge) ? '' : ' [constraint=false]'}`;
  return [
    `digraph{rankdir=LR nodesep=${inches(14)} ranksep=${inches(80)} ${effort}`,
    `node[shape=box fixedsize=true label="" width=${inches(nodeWidth)} height=${inches(nodeHeight)}] edge[arrowhead=none]`,
    ...graph.nodes.map((_node, index) => String(index)),
    ...graph.edges.filter(({ from, to }) => numbers.has(from) && numbers.has(to)).map(line),
    '}',
  ].join('\n');
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The numbers of a line, in pixels. */
const pixelsOf = (words: readonly string[]): readonly number[] => words.map((word) => Number(word) * pixelsPerInch);

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** The curves from one node to another, in the order of Graphviz. */
  readonly curves: ReadonlyMap<string, readonly (readonly number[])[]>;
}

const readLines = (text: string): Drawing => {
  let [width, height] = [0, 0];
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  const curves = new Map<string, (readonly number[])[]>();
  // Graphviz counts from the lower edge.
  const down = (value: number): number => rounded(margin + height - value);
  for (const line of text.split('\n')) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'graph') [width = 0, height = 0] = pixelsOf(words.slice(1));
    if (kind === 'node') {
      const [name = '', ...rest] = words;
      const [x = 0, y = 0] = pixelsOf(rest.slice(0, 2));
      places.set(name, { x: rounded(margin + x - nodeWidth / 2), y: rounded(down(y) - nodeHeight / 2) });
    }
    if (kind === 'edge') {
      const [from = '', to = '', count = '0', ...rest] = words;
      const points = pixelsOf(rest.slice(0, 2 * Number(count)));
      const curve = points.map((value, index) => (index % 2 === 0 ? rounded(margin + value) : down(value)));
      curves.set(`${from} ${to}`, [...(curves.get(`${from} ${to}`) ?? []), curve]);
    }
  }
  return { width: rounded(width + 2 * margin), height: rounded(height + 2 * margin), places, curves };
};

const leftToRight = (one: PlacedNode, other: PlacedNode): number => one.x - other.x || one.y - other.y;

/** Reads where Graphviz has put the nodes of a graph, and how its edges run. Undefined for a text that does not tell it of all nodes. */
export const readPlain = (graph: Graph, text: string): Layout | undefined => {
  const { width, height, places, curves } = readLines(text);
  const nodes = graph.nodes.flatMap((node, index) => {
    const place = places.get(String(index));
    return place === undefined ? [] : [{ ...node, ...place }];
  });
  if (nodes.length < graph.nodes.length) return undefined;
  const numbers = names(graph);
  const used = new Map<string, number>();
  const curveOf = ({ from, to }: GraphEdge): readonly number[] => {
    const key = `${numbers.get(from)} ${numbers.get(to)}`;
    const index = used.get(key) ?? 0;
    used.set(key, index + 1);
    return curves.get(key)?.[index] ?? [];
  };
  return { nodes: nodes.toSorted(leftToRight), width, height, curves: graph.edges.map(curveOf) };
};
