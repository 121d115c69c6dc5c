import type { Graph, GraphEdge, GraphNode } from './dependencies.ts';

/** Mermaid draws no more edges, and no longer text, than this unless it is configured otherwise. */
export const mermaidEdgesMax = 500;
export const mermaidCharactersMax = 50_000;

export interface Diagram {
  /** The outermost folder that it draws; empty for everything. */
  readonly name: string;
  readonly text: string;
  /** True if edges or nodes were left out to stay within Mermaid's bounds. */
  readonly isCut: boolean;
}

/** A label in quotes: Mermaid reads `#` as the beginning of an entity, and some characters as marks of its own. */
const label = (text: string): string =>
  `"${Array.from(text.replaceAll(/\s+/g, ' '), (character) => (/[\p{L}\p{N} _.\-:/]/u.test(character) ? character : `#${character.codePointAt(0)};`)).join('')}"`;

const outermost = ({ path }: GraphNode): string => path.slice(0, (path.indexOf('/') + 1 || path.length + 1) - 1);

const arrows: Readonly<Record<GraphEdge['kind'], string>> = {
  flow: '-->',
  event: '-.->',
  'earlier-run': '-. earlier run .->',
  run: '--o',
};

interface Drawing {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Nodes by the outermost folder that holds them. */
const byFolder = (nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> => Map.groupBy(nodes, outermost);

const draw = ({ name, nodes, edges }: Drawing): Diagram => {
  const ids = new Map(nodes.map(({ path }, index) => [path, `n${index}`]));
  const lines = ['flowchart LR'];
  let [characters, isCut] = [lines[0]?.length ?? 0, false];
  const add = (line: string): boolean => {
    if (characters + line.length + 1 > mermaidCharactersMax - mermaidReserve) {
      isCut = true;
      return false;
    }
    characters += line.length + 1;
    lines.push(line);
    return true;
  };
  for (const [folder, held] of byFolder(nodes)) {
    if (!add(`  subgraph ${label(folder)}`)) break;
    for (const node of held) if (!add(`    ${ids.get(node.path)}[${label(node.name)}]`)) break;
    lines.push('  end');
    characters += '  end\n'.length;
  }
  for (const { from, to, kind } of edges.slice(0, mermaidEdgesMax)) {
    if (!add(`  ${ids.get(from)} ${arrows[kind]} ${ids.get(to)}`)) break;
  }
  return { name, text: `${lines.join('\n')}\n`, isCut: isCut || edges.length > mermaidEdgesMax };
};

/** Kept free for the ends of subgraphs. */
const mermaidReserve = 100;

/** The nodes of one folder, what they are linked with, and the edges that touch them. */
const drawingOf = ({ nodes, edges }: Graph, name: string, held: readonly GraphNode[]): Drawing => {
  const own = new Set(held.map(({ path }) => path));
  const touching = edges.filter(({ from, to }) => own.has(from) || own.has(to));
  const shown = new Set([...own, ...touching.flatMap(({ from, to }) => [from, to])]);
  return { name, nodes: nodes.filter(({ path }) => shown.has(path)), edges: touching };
};

/** A graph as Mermaid flowcharts: one where Mermaid's bounds allow, else one for each outermost folder, each within the bounds. */
export const mermaidOf = (graph: Graph): readonly Diagram[] => {
  const whole = draw({ name: '', ...graph });
  if (!whole.isCut) return [whole];
  return [...byFolder(graph.nodes)].map(([name, held]) => draw(drawingOf(graph, name, held)));
};
