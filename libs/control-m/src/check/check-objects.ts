import { pointerPart, type OffsetFinding } from '../finding.ts';
import { itemsOf, memberOf, membersOf, textOf, type JsonNode, type ObjectNode } from '../json/nodes.ts';
import type { Job, Schedulable } from '../model/objects.ts';
import { resolveProperty } from '../model/resolve.ts';
import { eventCharactersMax, lengths, nameCharactersMax, requirementsOf, type Requirement } from './job-types.ts';

const namesOf = (requirement: Requirement): readonly string[] => (typeof requirement === 'string' ? [requirement] : requirement);

/** The properties that a job needs by its type and has neither itself nor from its folder or `Defaults`; types that are not known. */
export const checkRequired = (job: Job, defaults: ObjectNode | undefined): readonly OffsetFinding[] => {
  const { type, pointer, offset } = job;
  const needed = requirementsOf(type);
  if (needed === undefined) {
    const message = `Guildhall does not know what jobs of the type ${type} need; the job is kept as it is.`;
    return [{ code: 'UNKNOWN_JOB_TYPE', severity: 'note', pointer, offset, message }];
  }
  return needed
    .filter((requirement) => namesOf(requirement).every((name) => resolveProperty(job, name, defaults) === undefined))
    .map((requirement) => ({
      code: 'MISSING_PROPERTY',
      severity: 'error',
      pointer,
      offset,
      message: `The job ${job.name} has no ${namesOf(requirement).join(' or ')}, which jobs of the type ${type} need.`,
    }));
};

const tooLong = (what: string, max: number, pointer: string, offset: number): OffsetFinding => ({
  code: 'TOO_LONG_FOR_CONTROL_M',
  severity: 'error',
  pointer,
  offset,
  message: `${what} is longer than ${max} characters, the most that Control-M keeps.`,
});

const lengthOf = (text: string): number => Array.from(text).length;

/** Names, events and values that are longer than Control-M keeps them; names with blanks at their ends. */
export const checkLengths = (part: Schedulable): readonly OffsetFinding[] => {
  const { name, pointer, offset } = part;
  const values = part.node.members.flatMap(({ name: property, value }) => {
    const max = lengths[property];
    const text = textOf(value);
    if (max === undefined || text === undefined || lengthOf(text) <= max) return [];
    return [tooLong(`The ${property} of ${name}`, max, `${pointer}/${pointerPart(property)}`, value.from)];
  });
  const events = [...part.waitsFor, ...part.adds, ...part.deletes]
    .filter(({ event }) => lengthOf(event) > eventCharactersMax)
    .map((use) => tooLong('The name of an event', eventCharactersMax, use.pointer, use.offset));
  return [
    ...(lengthOf(name) > nameCharactersMax
      ? [tooLong(`The name ${name.slice(0, 40)}…`, nameCharactersMax, pointer, offset)]
      : []),
    ...values,
    ...events,
  ];
};

/** The names of properties that hold secrets. */
const secretName = /pass(?:word|phrase|wd)|secret(?!ly)|api-?_?key|access-?_?token|private-?_?key|credential/i;
/** The ends of names that tell something about a secret: its name, where it is kept, or how it is used. */
const aboutSecret =
  /(?:name|path|file|folder|arn|ids?|type|kind|mode|scope|policy|expir\w*|manager|provider|vault|version|host|ur[il])$/i;
const isSwitch = (text: string): boolean => /^(?:true|false|yes|no|y|n)$/i.test(text);
/** A reference that Control-M resolves when the job runs. */
const isReference = (text: string): boolean => text.includes('%%') || /^\$\{.+\}$|^\{\{.+\}\}$/.test(text);

const secretAt = (name: string, value: JsonNode, pointer: string): readonly OffsetFinding[] => {
  const text = textOf(value);
  if (text === undefined || text === '' || !secretName.test(name) || name === 'Secret') return [];
  if (aboutSecret.test(name) || isSwitch(text) || isReference(text)) return [];
  return [
    {
      code: 'LITERAL_SECRET',
      severity: 'error',
      pointer,
      offset: value.from,
      message: `The value of ${name} is a secret in plain text: everyone who reads the document reads it.`,
      hint: 'Keep the secret in Control-M and name it: {"Secret": "name-of-the-secret"}.',
    },
  ];
};

/** Secrets in plain text anywhere in a value. */
export const checkSecrets = (node: JsonNode, pointer: string): readonly OffsetFinding[] => [
  ...membersOf(node).flatMap(({ name, value }) => {
    const at = `${pointer}/${pointerPart(name)}`;
    return [...secretAt(name, value, at), ...checkSecrets(value, at)];
  }),
  ...itemsOf(node).flatMap((item, index) => checkSecrets(item, `${pointer}/${index}`)),
];

/** A flow needs a list of names. */
export const checkFlowShape = (node: ObjectNode, pointer: string, name: string): readonly OffsetFinding[] =>
  memberOf(node, 'Sequence')?.kind === 'list'
    ? []
    : [
        {
          code: 'MISSING_PROPERTY',
          severity: 'error',
          pointer,
          offset: node.from,
          message: `The flow ${name} has no Sequence, the list of the jobs that it puts in order.`,
        },
      ];
