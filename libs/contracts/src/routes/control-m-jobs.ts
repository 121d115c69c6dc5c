import { Type, type Static } from 'typebox';
import { choiceField, field, named, nullable, pageFields, pageOf, Uuid, WorkspaceId } from '../fields.ts';
import { group } from '../route.ts';
import { ControlMDifferences } from './control-m-impact.ts';
import { controlMTag } from './control-m.ts';

/** The most nodes of a graph that is answered. */
export const graphNodesMax = 20_000;

const Path = Type.String({
  minLength: 1,
  maxLength: 2_000,
  pattern: '^[^\\u0000]*$',
  description: 'The names from the folder down, joined by slashes; a slash in a name is `~1`, a tilde `~0`.',
  examples: ['ORDERS_NIGHT/LoadOrders'],
});
const FolderId = nullable(
  field(Uuid, 'The folder that holds it.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a'),
  'Null for a job beside the folders of a document.',
);

const text = (description: string, example: string) =>
  nullable(Type.String({ description, examples: [example] }), `${description} Null if it has none.`);
const texts = (description: string, example: string) =>
  Type.Array(Type.String({ examples: [example] }), { description, examples: [[example]] });

const ControlMJob = named('ControlMJob', 'A job, with what it takes from its folder and from `Defaults`.', {
  path: Path,
  folderId: FolderId,
  name: Type.String({ description: 'Its name.', examples: ['LoadOrders'] }),
  type: Type.String({ description: 'Its type, as it is written.', examples: ['Job:Script'] }),
  host: text('The host or host group that it runs on.', 'batch-hosts'),
  runAs: text('The user that it runs as.', 'orders'),
  application: text('Its application.', 'orders'),
  subApplication: text('Its sub-application.', 'night'),
  description: text('What it is for.', 'Loads the orders of the day.'),
  command: text('The command that it runs.', 'load-orders'),
  fileName: text('The file name of the script that it runs.', 'load.sh'),
  filePath: text('The path of the script that it runs.', '/opt/orders/bin'),
  connectionProfile: text('The connection profile that it uses.', 'ORDERS_DB'),
  waitsFor: texts('The events that it waits for.', 'orders-ready'),
  adds: texts('The events that it adds, those of an `If` included.', 'orders-loaded'),
  deletes: texts('The events that it deletes.', 'orders-ready'),
  calendars: texts('The calendars of its schedule.', 'WORKDAYS'),
  variables: texts('The names of its variables.', 'DAY'),
  resources: texts('The resources that it needs.', 'db-slots'),
});

const sought = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 300, pattern: '^[^\\u0000]*$', description, examples: [example] }));

const ControlMLink = named('ControlMLink', 'A job, and the script that it runs.', {
  path: Path,
  folderId: FolderId,
  fileName: Type.String({ description: 'The file name that the job names.', examples: ['load.sh'] }),
  filePath: text('The path that the job names.', '/opt/orders/bin'),
  scriptId: nullable(
    field(Uuid, 'The script.', '0f9c2b1e-6d1a-4f6e-9c3b-5a7d8e9f0a1b'),
    'The script of the workspace whose name is the file name, or the end of the path; null if there is none.',
  ),
});
export type ControlMLink = Static<typeof ControlMLink>;

const Edge = named('ControlMEdge', '`to` waits for `from`, or is started by it.', {
  from: Path,
  to: Path,
  kind: Type.Enum(['flow', 'event', 'earlier-run', 'run'], {
    description: 'An order of a flow, an event, an event that an earlier run adds (`PreviousOrderDate`), or a start by an `If`.',
    examples: ['flow'],
  }),
  by: Type.String({ description: 'The flow or event; empty for a start.', examples: ['Order'] }),
  curve: Type.Array(Type.Number({ examples: [200] }), {
    description:
      'How to draw it: x and y of a beginning, and of three points for each cubic Bézier curve behind it, in pixels. Empty where it runs from box to box.',
  }),
});

const Node = named('ControlMNode', 'A job, or a folder that waits or is waited for, with its place in a drawing.', {
  path: Path,
  name: Type.String({ description: 'Its name.', examples: ['LoadOrders'] }),
  kind: Type.Enum(['job', 'folder'], { description: 'Whether it is a job or a folder.', examples: ['job'] }),
  type: Type.String({ description: 'Its type, as it is written.', examples: ['Job:Script'] }),
  parent: nullable(Path, 'The folder that holds it; null for the outermost.'),
  x: Type.Number({ description: 'The left edge, in pixels.', examples: [20] }),
  y: Type.Number({ description: 'The upper edge, in pixels.', examples: [20] }),
});

const params = { workspaceId: WorkspaceId };
const subject = { type: 'workspace', parameter: 'workspaceId' } as const;
const around = {
  around: Type.Optional(field(Path, 'Only what lies around this job or folder.')),
  depth: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, default: 1_000, description: 'How many steps around it.', examples: [2] }),
  ),
  direction: choiceField(['both', 'upstream', 'downstream'], '`upstream`: what it waits for, `downstream`: what waits for it.'),
};

export const controlMJobRoutes = group(controlMTag, {
  listControlMJobs: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/jobs',
    summary: 'The jobs of a workspace by path, found by their properties; texts are compared in any case.',
    permission: 'control-m:read',
    action: 'control-m.list-jobs',
    subject,
    params,
    query: {
      ...pageFields,
      q: sought('Only jobs whose path, description or command contains this text.', 'orders'),
      type: sought('Only jobs of this type, or of one below it.', 'Job:Script'),
      host: sought('Only jobs on this host.', 'batch-hosts'),
      runAs: sought('Only jobs that run as this user.', 'orders'),
      application: sought('Only jobs of this application.', 'orders'),
      event: sought('Only jobs that wait for, add or delete this event.', 'orders-ready'),
      calendar: sought('Only jobs with this calendar.', 'WORKDAYS'),
      variable: sought('Only jobs with a variable of this name.', 'DAY'),
      script: sought('Only jobs that run a script of this file name.', 'load.sh'),
    },
    responses: { 200: pageOf('ControlMJob', ControlMJob) },
    errors: ['UNPROCESSABLE'],
  },
  listControlMLinks: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/links',
    summary: 'The jobs that run scripts, each with the script of the workspace that it runs.',
    permission: 'control-m:read',
    action: 'control-m.list-links',
    subject,
    params,
    query: {
      ...pageFields,
      scriptId: Type.Optional(field(Uuid, 'Only jobs that run this script.', '0f9c2b1e-6d1a-4f6e-9c3b-5a7d8e9f0a1b')),
      state: Type.Optional(
        Type.Enum(['linked', 'dangling'], { description: '`dangling`: the script is not here.', examples: ['dangling'] }),
      ),
    },
    responses: { 200: pageOf('ControlMLink', ControlMLink) },
    errors: ['UNPROCESSABLE'],
  },
  getControlMGraph: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/graph',
    summary: 'What waits for what in a workspace, with places to draw it at, and the longest chain.',
    permission: 'control-m:read',
    action: 'control-m.graph',
    subject,
    params,
    query: around,
    responses: {
      200: named('ControlMGraph', 'The dependency graph of a workspace.', {
        nodes: Type.Array(Node, { description: 'The jobs, and the folders that wait or are waited for.' }),
        edges: Type.Array(Edge, { description: 'What waits for what.' }),
        criticalPath: Type.Array(Path, { description: 'The longest chain of things that wait for each other.' }),
        width: Type.Number({ description: 'The width of the drawing, in pixels.', examples: [480] }),
        height: Type.Number({ description: 'The height of the drawing, in pixels.', examples: [90] }),
      }),
    },
    errors: ['UNPROCESSABLE'],
  },
  drawControlMGraph: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/graph/svg',
    summary: 'The dependency graph of a workspace, drawn as SVG.',
    permission: 'control-m:read',
    action: 'control-m.graph',
    subject,
    params,
    query: around,
    responses: { 200: Type.String({ description: 'The drawing.', examples: ['<svg xmlns="http://www.w3.org/2000/svg"/>'] }) },
    media: ['image/svg+xml'],
    errors: ['UNPROCESSABLE'],
  },
  getControlMMermaid: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/graph/mermaid',
    summary:
      'The dependency graph of a workspace as Mermaid: one flowchart, or one for each folder where Mermaid would not draw it whole.',
    permission: 'control-m:read',
    action: 'control-m.graph',
    subject,
    params,
    query: around,
    responses: {
      200: named('ControlMMermaid', 'The flowcharts of a graph.', {
        diagrams: Type.Array(
          named('ControlMDiagram', 'A flowchart.', {
            name: Type.String({ description: 'The folder that it draws; empty for everything.', examples: ['ORDERS_NIGHT'] }),
            text: Type.String({ description: 'The text of the flowchart.', examples: ['flowchart LR\n'] }),
            isCut: Type.Boolean({ description: 'Whether something was left out.', examples: [false] }),
          }),
          { description: 'One flowchart of everything, or one of each folder.' },
        ),
      }),
    },
    errors: ['UNPROCESSABLE'],
  },
  compareControlMFolder: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId/compare',
    summary: 'What two Control-M folders differ in, job by job.',
    permission: 'control-m:read',
    action: 'control-m-folder.compare',
    subject: { type: 'control-m-folder', parameter: 'folderId' },
    params: { ...params, folderId: field(Uuid, 'The later folder.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a') },
    query: {
      with: Type.Optional(field(Uuid, 'The earlier folder; without it, an empty one.', '5e6f7a8b-9c0d-4e2f-8a3b-4c5d6e7f8a9b')),
    },
    responses: { 200: ControlMDifferences },
    errors: ['UNPROCESSABLE'],
  },
});
