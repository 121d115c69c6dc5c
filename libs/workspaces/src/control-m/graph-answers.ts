import { graphNodesMax } from '@guildhall/contracts';
import {
  criticalPathOf,
  drawnGraph,
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
  const whole = graphOf(model);
  if (around !== undefined && !whole.nodes.some(({ path }) => path === around)) throw notFound('job');
  const graph = around === undefined ? drawnGraph(whole) : neighbourhoodOf(whole, around, depth, direction);
  if (graph.nodes.length > graphNodesMax || graph.edges.length > graphNodesMax * edgesPerNodeMax) {
    throw new AppError('UNPROCESSABLE', `The graph has more than ${graphNodesMax} jobs: ask for what lies around one of them.`);
  }
  return graph;
};
const edgesPerNodeMax = 10;

/** The way in which a graph is laid out. */
export type LayOut = (graph: Graph) => Layout;

/** The answers are texts: JSON is written where the graph is laid out, and kept as it is. */
export const graphAnswer = (model: WorkspaceModel, query: GraphQuery, layOut: LayOut): string => {
  const graph = askedGraph(model, query);
  const { nodes, width, height, curves = [] } = layOut(graph);
  const edges = graph.edges.map((edge, index) => ({ ...edge, curve: curves[index] ?? [] }));
  return JSON.stringify({ nodes, edges, criticalPath: criticalPathOf(graph), width, height });
};

export const drawGraph = (model: WorkspaceModel, query: GraphQuery, layOut: LayOut): string => {
  const graph = askedGraph(model, query);
  return svgOf(graph, layOut(graph));
};

export const mermaidAnswer = (model: WorkspaceModel, query: GraphQuery): string =>
  JSON.stringify({ diagrams: mermaidOf(askedGraph(model, query)) });
