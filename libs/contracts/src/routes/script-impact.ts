import { Type, type Static } from 'typebox';
import { field, named, nullable, Uuid } from '../fields.ts';

const example = '0f9c2b1e-6d1a-4f6e-9c3b-5a7d8e9f0a1b';

const Relinked = named('ScriptRelinkedJob', 'A job that would run another script, or none of this workspace.', {
  path: Type.String({ description: 'The path of the job.', examples: ['ORDERS_NIGHT/LoadOrders'] }),
  fileName: Type.String({ description: 'The file name that the job names.', examples: ['load.sh'] }),
  from: nullable(field(Uuid, 'The script.', example), 'The script that it runs now; null for none of this workspace.'),
  to: nullable(field(Uuid, 'The script.', example), 'The script that it would run; null for none of this workspace.'),
});

export const ScriptImpact = named('ScriptImpact', 'The blast radius of a change of a script that was not made.', {
  isHarmless: Type.Boolean({ description: 'Whether every job that runs a script now would run the same one.', examples: [true] }),
  lostScripts: Type.Array(Relinked, { description: 'Jobs whose script would vanish.', examples: [[]] }),
  otherScripts: Type.Array(Relinked, { description: 'Jobs that would run another script than now.', examples: [[]] }),
  foundScripts: Type.Array(Relinked, { description: 'Jobs whose script is missing now, and would be there.', examples: [[]] }),
});
export type ScriptImpact = Static<typeof ScriptImpact>;
