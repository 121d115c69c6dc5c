import { memo } from 'react';
import type { AnswerOf } from '../../api/call.ts';
import { nodeSize } from './view.ts';

export type Graph = AnswerOf<'getControlMGraph'>;
export type GraphNode = Graph['nodes'][number];
export type GraphEdge = Graph['edges'][number];

const nameCharactersMax = 24;

const shortened = (name: string): string => (name.length > nameCharactersMax ? `${name.slice(0, nameCharactersMax - 1)}…` : name);

/** A curve from the right side of a node to the left side of another one. */
const curveOf = (from: GraphNode, to: GraphNode): string => {
  const half = nodeSize.height / 2;
  const [x1, y1, x2, y2] = [from.x + nodeSize.width, from.y + half, to.x, to.y + half];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
};

const Edges = ({ graph, chosen }: DrawingParts) => {
  const nodes = new Map(graph.nodes.map((node) => [node.path, node]));
  const critical = new Set(graph.criticalPath);
  return graph.edges.map(({ from, to, kind, by }) => {
    const [first, second] = [nodes.get(from), nodes.get(to)];
    if (first === undefined || second === undefined) return null;
    const marks = [
      kind,
      critical.has(from) && critical.has(to) ? 'critical' : '',
      from === chosen || to === chosen ? 'chosen' : '',
    ];
    return (
      <path key={`${from} ${to} ${kind} ${by}`} className={marks.join(' ')} d={curveOf(first, second)} markerEnd="url(#arrow)" />
    );
  });
};

interface DrawingParts {
  readonly graph: Graph;
  /** The path of the chosen node; empty for none. */
  readonly chosen: string;
}

/** The nodes and edges of a graph at the places that the API gave them. A node has its path in `data-path`. */
export const Drawing = memo(({ graph, chosen }: DrawingParts) => (
  <>
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M0 0L8 4L0 8z" />
      </marker>
    </defs>
    <Edges graph={graph} chosen={chosen} />
    {graph.nodes.map(({ path, name, kind, x, y }) => (
      <g key={path} className={path === chosen ? `${kind} chosen` : kind} data-path={path}>
        <title>{path}</title>
        <rect x={x} y={y} {...nodeSize} rx={kind === 'job' ? 6 : 0} />
        <text x={x + nodeSize.width / 2} y={y + nodeSize.height / 2 + 4}>
          {shortened(name)}
        </text>
      </g>
    ))}
  </>
));
