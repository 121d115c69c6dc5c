import { containersIn, type Container, type Flow, type Job, type LooseFlow, type Schedulable } from '../model/objects.ts';
import { eventLinksOf, type EventLink } from './event-links.ts';

/** The folders and loose jobs of one or many documents. */
export interface Jobs {
  readonly folders: readonly Container[];
  readonly looseJobs: readonly Job[];
  /** The flows beside the folders. */
  readonly looseFlows?: readonly LooseFlow[];
}

/** A job, or a folder that something waits for or that waits itself. */
export interface GraphNode {
  readonly path: string;
  readonly name: string;
  readonly kind: 'job' | 'folder';
  readonly type: string;
  /** The path of the folder that holds it; null for the outermost. */
  readonly parent: string | null;
}

/**
 * `to` waits for `from`, by the order of a flow or by an event; an `earlier-run` edge is an event that an earlier run of `from` added, a
 * `run` edge starts `to` if something happens.
 */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'flow' | 'event' | 'earlier-run' | 'run';
  /** The name of the flow or event; empty for a start. */
  readonly by: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export const isContainer = (part: Schedulable): part is Container => 'subfolders' in part;

/** Folders and jobs, folders before what they hold. */
export const partsOf = ({ folders, looseJobs }: Jobs): readonly Schedulable[] => [
  ...folders.flatMap(containersIn).flatMap((container) => [container, ...container.jobs]),
  ...looseJobs,
];

/** A name as paths of names in a flow write it: a colon within a name is escaped by backslashes. */
const unescaped = (name: string): string => name.replaceAll(/\\+:/g, ':');

/** Finds what is named within something: where a folder and a job have one name, the job. */
type Names = (name: string) => Schedulable | undefined;

/** Names by their place in a folder, made once a folder: a flow of thousands of steps looks each up. */
const namesIn = ({ jobs, subfolders }: Pick<Container, 'jobs' | 'subfolders'>): Names => {
  const children = new Map([...subfolders, ...jobs].map((part) => [part.name, part]));
  return (name) => children.get(name);
};

const childNamed = ({ jobs, subfolders }: Container, name: string): Schedulable | undefined =>
  jobs.find((job) => job.name === name) ?? subfolders.find((folder) => folder.name === name);

/** A step of a flow: a name, or a path as `Sub:Load`. */
const stepNamed = (names: Names, step: string): Schedulable | undefined => {
  const whole = names(step);
  if (whole !== undefined) return whole;
  const [first = '', ...rest] = step.split(/(?<!\\):/).map(unescaped);
  let at = names(first);
  for (const name of rest) at = at !== undefined && isContainer(at) ? childNamed(at, name) : undefined;
  return at;
};

export interface ResolvedFlow {
  /** Null for a flow beside the folders. */
  readonly container: Container | null;
  readonly flow: Flow;
  /** In the order of the flow; undefined for a step that names nothing in the folder. */
  readonly steps: readonly (Schedulable | undefined)[];
}

const resolve = (container: Container | null, flow: Flow, names: Names): ResolvedFlow => ({
  container,
  flow,
  steps: flow.steps.map(({ name }) => stepNamed(names, name)),
});

/** The flows beside the folders, with what their steps name among some folders and the jobs of their documents. */
export const resolveLooseFlows = (
  { looseFlows = [] }: Pick<Jobs, 'looseFlows'>,
  folders: Jobs['folders'],
): readonly ResolvedFlow[] => {
  if (looseFlows.length === 0) return [];
  const byName = new Map(folders.map((folder) => [folder.name, folder]));
  return looseFlows.map((flow) =>
    resolve(null, flow, (name) => flow.looseJobs.find((job) => job.name === name) ?? byName.get(name)),
  );
};

/** The flows of all folders, and those beside them, with what their steps name. */
export const resolveFlows = ({ folders, looseFlows = [] }: Jobs): readonly ResolvedFlow[] => [
  ...folders.flatMap(containersIn).flatMap((container) => {
    if (container.flows.length === 0) return [];
    const names = namesIn(container);
    return container.flows.map((flow) => resolve(container, flow, names));
  }),
  ...resolveLooseFlows({ looseFlows }, folders),
];

/** The edges of flows: each step waits for the one before it. */
export const flowEdges = (flows: readonly ResolvedFlow[]): readonly GraphEdge[] =>
  flows.flatMap(({ flow, steps }) =>
    steps.flatMap((step, index): readonly GraphEdge[] => {
      const before = steps[index - 1];
      if (step === undefined || before === undefined) return [];
      return [{ from: before.path, to: step.path, kind: 'flow', by: flow.name }];
    }),
  );

const kindOf = ({ match }: EventLink): GraphEdge['kind'] => (match === 'earlier-run' ? match : 'event');

/** The edges of an event; nobody waits for another part twice, whatever the dates are. */
const eventEdges = (parts: readonly Schedulable[]): readonly GraphEdge[] => {
  const links = eventLinksOf(parts);
  const dated = new Set(links.filter(({ added, waited }) => added !== 'order' || waited !== 'order').map(({ event }) => event));
  const seen = new Set<string>();
  return links.flatMap((link) => {
    const [kind, by] = [kindOf(link), link.event];
    return [...link.adders].flatMap(({ path: from }) =>
      [...link.waiters].flatMap(({ path: to }): readonly GraphEdge[] => {
        const key = `${kind}\n${by}\n${from}\n${to}`;
        if (dated.has(by) && (seen.has(key) || !seen.add(key))) return [];
        return [{ from, to, kind, by }];
      }),
    );
  });
};

/** The most edges that the events of jobs make: fewer where two dates of one event link the same parts. */
export const eventEdgesIn = (jobs: Jobs): number =>
  eventLinksOf(partsOf(jobs)).reduce((sum, { adders, waiters }) => sum + adders.size * waiters.size, 0);

const runEdges = (parts: readonly Schedulable[]): readonly GraphEdge[] => {
  const started = new Map(parts.map((part) => [`${outermostName(part)}\n${part.name}`, part]));
  return parts.flatMap((part) =>
    part.runs.flatMap(({ folder, job }): readonly GraphEdge[] => {
      const found = started.get(`${folder ?? outermostName(part)}\n${job ?? folder ?? ''}`);
      return found === undefined ? [] : [{ from: part.path, to: found.path, kind: 'run', by: '' }];
    }),
  );
};

const outermostName = (part: Schedulable): string => (part.parent === null ? part.name : outermostName(part.parent));

const nodeOf = (part: Schedulable): GraphNode => ({
  path: part.path,
  name: part.name,
  kind: isContainer(part) ? 'folder' : 'job',
  type: isContainer(part) ? part.kind : (part as Job).type,
  parent: part.parent?.path ?? null,
});

/** The dependency graph of jobs and folders. */
export const graphOf = (jobs: Jobs): Graph => {
  const parts = partsOf(jobs);
  return { nodes: parts.map(nodeOf), edges: [...flowEdges(resolveFlows(jobs)), ...eventEdges(parts), ...runEdges(parts)] };
};

/** True for an edge that makes something wait within one run: no start, and no event of an earlier run. */
export const isWaiting = ({ kind }: GraphEdge): boolean => kind === 'flow' || kind === 'event';
