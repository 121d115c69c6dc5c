import { Type, type Static } from 'typebox';
import { named, WorkspaceId } from '../fields.ts';
import { storableText, visibleLine } from '../patterns.ts';
import { group } from '../route.ts';
import { controlMTag } from './control-m.ts';

const rulesMax = 100;
const formsMax = 20;

const Form = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: visibleLine,
  description: 'A form of a name: `*` stands for any characters, `#` for a digit, `@` for a letter, all else for itself.',
  examples: ['ORD_*_##'],
});

export const ControlMNamingRule = named('ControlMNamingRule', 'A rule for the names of folders, jobs or events.', {
  appliesTo: Type.Enum(['folder', 'job', 'event'], { description: 'Whose names it is for.', examples: ['job'] }),
  forms: Type.Array(Form, { minItems: 1, maxItems: formsMax, description: 'The forms that a name may have: one must fit.' }),
  message: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      pattern: storableText,
      description: 'What a check says of a name that no form fits.',
      examples: ['Jobs of orders begin with ORD_.'],
    }),
  ),
});
export type ControlMNamingRule = Static<typeof ControlMNamingRule>;

const Rules = Type.Array(ControlMNamingRule, {
  maxItems: rulesMax,
  description: 'The rules: a name must fit each that is for it.',
  examples: [[{ appliesTo: 'job', forms: ['ORD_*_##'], message: 'Jobs of orders begin with ORD_.' }]],
});

export const ControlMNamingRules = named('ControlMNamingRules', 'The naming rules of a workspace.', { rules: Rules });

const shared = {
  path: '/v1/workspaces/:workspaceId/control-m/naming-rules',
  subject: { type: 'workspace', parameter: 'workspaceId' },
  params: { workspaceId: WorkspaceId },
  responses: { 200: ControlMNamingRules },
  answersVersion: true,
} as const;

export const controlMNamingRuleRoutes = group(controlMTag, {
  getControlMNamingRules: {
    ...shared,
    method: 'GET',
    summary: 'The naming rules of a workspace, with the version of the workspace.',
    permission: 'control-m:read',
    action: 'control-m.read-rules',
  },
  updateControlMNamingRules: {
    ...shared,
    method: 'PUT',
    summary: 'Replace the naming rules of a workspace, as its next version; checks and imports use them from then on.',
    permission: 'workspace:update',
    action: 'workspace.update-naming-rules',
    body: { rules: Rules },
    isVersioned: true,
  },
});
