import { Type, type Static } from 'typebox';
import { named } from '../fields.ts';

const path = (description: string) => Type.String({ description, examples: ['ORDERS_NIGHT/LoadOrders'] });
const paths = (description: string) => Type.Array(path('A path.'), { description, examples: [[]] });
const jsonText = (description: string, example: string) =>
  Type.Union([Type.String({ examples: [example] }), Type.Null()], { description });

const PropertyChange = named('ControlMPropertyChange', 'A property that two versions have differently.', {
  property: Type.String({ description: 'JSON Pointer from the job or folder.', examples: ['/RunAs'] }),
  from: jsonText('The earlier value as JSON; null where it had none.', '"orders"'),
  to: jsonText('The later value as JSON; null where it has none.', '"batch"'),
});
const PartChange = named('ControlMPartChange', 'A job or folder with other properties.', {
  path: path('Its path in the later version.'),
  properties: Type.Array(PropertyChange, { description: 'What changed.' }),
});
const Renamed = named('ControlMRenamed', 'A job in another place, or under another name.', {
  from: path('Its earlier path.'),
  to: path('Its later path.'),
});

export const ControlMDifferences = named('ControlMDifferences', 'What two versions of a folder differ in, job by job.', {
  added: paths('Jobs of the later version alone.'),
  removed: paths('Jobs of the earlier version alone.'),
  moved: Type.Array(Renamed, { description: 'Jobs of the same name in another folder.', examples: [[]] }),
  renamed: Type.Array(Renamed, { description: 'Jobs that are alike but for their names.', examples: [[]] }),
  changedJobs: Type.Array(PartChange, { description: 'Jobs with other properties.', examples: [[]] }),
  changedFolders: Type.Array(PartChange, { description: 'Folders with other properties or flows of their own.', examples: [[]] }),
});

const Edge = named('ControlMLostPredecessor', 'Something does not wait any more for what it waited for.', {
  from: path('What it waited for.'),
  to: path('What waits no more.'),
  kind: Type.Enum(['flow', 'event', 'earlier-run', 'run'], {
    description: 'By a flow, an event, or an event of an earlier run.',
    examples: ['event'],
  }),
  by: Type.String({ description: 'The flow or event.', examples: ['orders-loaded'] }),
});

export const ControlMImpact = named('ControlMImpact', 'The blast radius of a change that was not made.', {
  isHarmless: Type.Boolean({ description: 'Whether everything else stays as it is.', examples: [true] }),
  waitForEver: Type.Array(
    named('ControlMWaitingForEver', 'A job or folder that would never start or end.', {
      path: path('Its path.'),
      events: Type.Array(Type.String(), { description: 'The events that nobody would add.', examples: [['orders-loaded']] }),
    }),
    { description: 'What would wait for ever.', examples: [[]] },
  ),
  lostPredecessors: Type.Array(Edge, { description: 'Dependencies that would be gone.', examples: [[]] }),
  newCycles: Type.Array(paths('A circle of things that wait for each other.'), {
    description: 'Cycles that would be new.',
    examples: [[]],
  }),
  removedJobs: paths('Jobs that would be gone.'),
  lostStarts: paths('Jobs and folders that start something by a folder name that would be gone.'),
  staysDeployed: Type.Array(Type.String(), {
    description: 'Names of folders that stay in Control-M although they are gone here: they have to be deleted there.',
    examples: [[]],
  }),
});
export type ControlMImpact = Static<typeof ControlMImpact>;
