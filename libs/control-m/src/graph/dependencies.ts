import { containersIn, type Container, type Flow, type Job, type Schedulable } from '../model/objects.ts';

/** The folders and loose jobs of one or many documents. */
export interface Jobs {
  readonly folders: readonly Container[];
  readonly looseJobs: readonly Job[];
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

/** `to` waits for `from`, by the order of a flow or by an event; a `run` edge starts `to` if something happens. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'flow' | 'event' | 'run';
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

const childNamed = ({ jobs, subfolders }: Container, name: string): Schedulable | undefined =>
  jobs.find((job) => job.name === name) ?? subfolders.find((folder) => folder.name === name);

/** Names by their place in a folder, made once a folder: a flow of thousands of steps looks each up. */
const childrenOf = ({ jobs, subfolders }: Container): ReadonlyMap<string, Schedulable> =>
  new Map([...subfolders, ...jobs].map((part) => [part.name, part]));

/** A step of a flow that is written as a path: `Sub:Load`. */
const followPath = (container: Container, step: string): Schedulable | undefined => {
  let at: Schedulable | undefined = container;
  for (const name of step.split(/(?<!\\):/).map(unescaped)) {
    at = at !== undefined && isContainer(at) ? childNamed(at, name) : undefined;
  }
  return at;
};

export interface ResolvedFlow {
  readonly container: Container;
  readonly flow: Flow;
  /** In the order of the flow; undefined for a step that names nothing in the folder. */
  readonly steps: readonly (Schedulable | undefined)[];
}

/** The flows of all folders, with what their steps name. */
export const resolveFlows = ({ folders }: Jobs): readonly ResolvedFlow[] =>
  folders.flatMap(containersIn).flatMap((container) => {
    if (container.flows.length === 0) return [];
    const children = childrenOf(container);
    return container.flows.map((flow) => ({
      container,
      flow,
      steps: flow.steps.map(({ name }) => children.get(name) ?? followPath(container, name)),
    }));
  });

const flowEdges = (jobs: Jobs): readonly GraphEdge[] =>
  resolveFlows(jobs).flatMap(({ flow, steps }) =>
    steps.flatMap((step, index): readonly GraphEdge[] => {
      const before = steps[index - 1];
      if (step === undefined || before === undefined) return [];
      return [{ from: before.path, to: step.path, kind: 'flow', by: flow.name }];
    }),
  );

/** The parts that use an event, by the event; each part once. */
export const byEvent = (
  parts: readonly Schedulable[],
  usesOf: (part: Schedulable) => readonly { readonly event: string }[],
): ReadonlyMap<string, ReadonlySet<Schedulable>> => {
  const found = new Map<string, Set<Schedulable>>();
  for (const part of parts) {
    for (const { event } of usesOf(part)) {
      const users = found.get(event);
      if (users === undefined) found.set(event, new Set([part]));
      else users.add(part);
    }
  }
  return found;
};

const eventEdges = (parts: readonly Schedulable[]): readonly GraphEdge[] => {
  const adders = byEvent(parts, ({ adds }) => adds);
  return [...byEvent(parts, ({ waitsFor }) => waitsFor)].flatMap(([event, waiting]) =>
    [...(adders.get(event) ?? [])].flatMap((adder) =>
      [...waiting].map((waiter): GraphEdge => ({ from: adder.path, to: waiter.path, kind: 'event', by: event })),
    ),
  );
};

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
  return { nodes: parts.map(nodeOf), edges: [...flowEdges(jobs), ...eventEdges(parts), ...runEdges(parts)] };
};

/** True for an edge that makes something wait: every one but a start. */
export const isWaiting = ({ kind }: GraphEdge): boolean => kind !== 'run';
