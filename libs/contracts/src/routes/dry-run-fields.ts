import { Type } from 'typebox';
import { field, pageLimitDefault, pageLimitMax, UserId } from '../fields.ts';

/** The query of a change that can be tried: `affected` is what it would change, and `listed` whom the answer lists. */
export const dryRunFieldsFor = ({ affected, listed }: { readonly affected: string; readonly listed: string }) => ({
  dryRun: Type.Optional(
    Type.Boolean({
      default: false,
      description: `Answer what the change would do to the ${affected}, and change nothing.`,
      examples: [true],
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimitMax,
      default: pageLimitDefault,
      description: `With \`dryRun\`: the most ${listed} that are listed.`,
      examples: [pageLimitDefault],
    }),
  ),
  after: Type.Optional(field(UserId, `With \`dryRun\`: the ${listed} after this one, \`nextAfter\` of the page before.`)),
});
