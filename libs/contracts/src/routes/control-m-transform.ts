import { Type } from 'typebox';
import { named, WorkspaceId } from '../fields.ts';
import { storableText } from '../patterns.ts';
import { group } from '../route.ts';
import { ControlMFinding, DocumentName, DocumentText } from './control-m-documents.ts';
import { controlMTag } from './control-m.ts';
import { LineDiff } from './document-versions.ts';

/** The longest deploy descriptor, in UTF-16 code units, and its most rules. */
export const descriptorCharactersMax = 200_000;
export const descriptorRulesMax = 200;

const exampleDescriptor = '{"DeployDescriptor": [{"Property": "Host", "Replace": [{"test-(.*)": "prod-$1"}]}]}';

const number = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] });

export const controlMTransformRoutes = group(controlMTag, {
  transformControlM: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/control-m/transform',
    summary: 'Apply a deploy descriptor to the Control-M documents of a workspace, and answer their texts. Nothing is saved.',
    permission: 'control-m:read',
    action: 'control-m.transform',
    subject: { type: 'workspace', parameter: 'workspaceId' },
    params: { workspaceId: WorkspaceId },
    body: {
      descriptor: Type.String({
        minLength: 1,
        maxLength: descriptorCharactersMax,
        pattern: storableText,
        description: `The text of the descriptor: at most ${descriptorRulesMax} rules. Regular expressions are those of RE2.`,
        examples: [exampleDescriptor],
      }),
      names: Type.Optional(
        Type.Array(DocumentName, {
          minItems: 1,
          maxItems: 500,
          description: 'Only these documents.',
          examples: [['orders/night.json']],
        }),
      ),
    },
    responses: {
      200: named('ControlMTransform', 'What a deploy descriptor makes of the documents of a workspace.', {
        documents: Type.Array(
          named('ControlMTransformedDocument', 'A document that a rule changed.', {
            name: DocumentName,
            text: DocumentText,
            diff: LineDiff,
          }),
          { description: 'The documents that are other than before, by name.' },
        ),
        unchanged: number('How many documents stay as they are.', 0),
        rules: Type.Array(
          named('ControlMDescriptorRule', 'A rule, and how often it matched.', {
            number: number('Its place in the descriptor, from 1.', 1),
            changedProperties: Type.Array(Type.String(), {
              description: 'The properties that it changes.',
              examples: [['Host']],
            }),
            matches: number('How many folders, jobs and sets of `Defaults` it matched.', 0),
          }),
          { description: 'In the order of the descriptor.' },
        ),
        unmatchedRules: Type.Array(number('A rule.', 1), { description: 'The rules that matched nothing.', examples: [[1]] }),
        findings: Type.Array(ControlMFinding, { description: 'What reading the descriptor found.', examples: [[]] }),
      }),
    },
    errors: ['UNPROCESSABLE'],
    example: { body: { descriptor: exampleDescriptor } },
  },
});
