import { graphNodesMax } from '@guildhall/contracts';
import {
  criticalPathOf,
  drawnGraph,
  eventEdgesIn,
  layoutOf,
  graphOf,
  mermaidOf,
  neighbourhoodOf,
  svgOf,
  type Direction,
  type Graph,
  type Layout,
} from '@guildhall/control-m';
import { AppError } from '@guildhall/errors';
import { notFound } from '@guildhall/resources';
import type { WorkspaceModel } from './workspace-model.ts';

export interface GraphQuery {
  readonly around?: string;
  readonly depth?: number;
  readonly direction?: Direction;
}

/** The graph that a request asks for. Throws NOT_FOUND for a path that is not there, UNPROCESSABLE for a graph that is too large. */
const askedGraph = (model: WorkspaceModel, { around, depth = graphNodesMax, direction = 'both' }: GraphQuery): Graph => {
  if (eventEdgesIn(model) > eventEdgesMax) {
    throw new AppError('UNPROCESSABLE', `Events link more than ${eventEdgesMax} pairs of jobs: too many for a graph.`);
  }
  const whole = graphOf(model);
  if (around !== undefined && !whole.nodes.some(({ path }) => path === around)) throw notFound('job');
  const graph = around === undefined ? drawnGraph(whole) : neighbourhoodOf(whole, around, depth, direction);
  if (graph.nodes.length > graphNodesMax || graph.edges.length > graphNodesMax * edgesPerNodeMax) {
    throw new AppError('UNPROCESSABLE', `The graph has more than ${graphNodesMax} jobs: ask for what lies around one of them.`);
  }
  return graph;
};
const edgesPerNodeMax = 10;
/** The most pairs of jobs that events may link: an event that a thousand jobs add and a thousand wait for is a million. */
const eventEdgesMax = 500_000;

/** The way in which a graph is laid out. */
export type LayOut = (graph: Graph) => Layout;

/** The forms in which a graph is drawn: JSON with places, and SVG. */
export type DrawingForm = 'graph' | 'svg';

/** A graph that is to be drawn, or its text where no better layout than the plain one is to be had. */
export type Drawing = { readonly graph: Graph } | { readonly text: string };

/** The largest graph that Graphviz lays out: it takes about a second then, and the time grows faster than the graph. */
const graphvizNodesMax = 1_000;
const graphvizEdgesMax = 2_000;

/** True if Graphviz makes a better layout of a graph, in reasonable time. */
export const fitsGraphviz = ({ nodes, edges }: Graph): boolean =>
  edges.length > 0 && nodes.length <= graphvizNodesMax && edges.length <= graphvizEdgesMax;

/**
 * Finds the graph that a request asks for. One that Graphviz lays out is small, and goes to another thread as it is; any other is drawn here, where the
 * workspace is understood already.
 */
export const beginDrawing = (model: WorkspaceModel, query: GraphQuery, form: DrawingForm): Drawing => {
  const graph = askedGraph(model, query);
  return fitsGraphviz(graph) ? { graph } : { text: writeDrawing(form, graph, layoutOf) };
};

/** The answers are texts: JSON is written where the graph is laid out, and kept as it is. */
export const writeDrawing = (form: DrawingForm, graph: Graph, layOut: LayOut): string =>
  form === 'svg' ? svgOf(graph, layOut(graph)) : graphText(graph, layOut);

const graphText = (graph: Graph, layOut: LayOut): string => {
  const { nodes, width, height, curves = [] } = layOut(graph);
  const edges = graph.edges.map((edge, index) => ({ ...edge, curve: curves[index] ?? [] }));
  return JSON.stringify({ nodes, edges, criticalPath: criticalPathOf(graph), width, height });
};

export const mermaidAnswer = (model: WorkspaceModel, query: GraphQuery): string =>
  JSON.stringify({ diagrams: mermaidOf(askedGraph(model, query)) });
