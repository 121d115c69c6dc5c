import { pointerPart } from '../finding.ts';
import { itemsOf, memberOf, membersOf, textOf, typeOf, type JsonNode, type Member } from '../json/nodes.ts';
import { readCondition } from './condition.ts';
import type { Condition, EventUse, RunAction } from './objects.ts';

interface Uses {
  readonly waitsFor: EventUse[];
  readonly conditions: Condition[];
  readonly adds: EventUse[];
  readonly deletes: EventUse[];
  readonly runs: RunAction[];
  readonly resources: string[];
}

/** The use of a list of events, by the last part of its `Type`. */
const listKinds: Readonly<Record<string, 'waitsFor' | 'adds' | 'deletes'>> = {
  WaitForEvents: 'waitsFor',
  AddEvents: 'adds',
  DeleteEvents: 'deletes',
};

/** The actions of an `If` on one event. */
const actionKinds: Readonly<Record<string, 'adds' | 'deletes'>> = {
  'Event:Add': 'adds',
  'Event:Delete': 'deletes',
  AddEvent: 'adds',
  DeleteEvent: 'deletes',
};

const withoutAction = (type: string): string => (type.startsWith('Action:') ? type.slice('Action:'.length) : type);

const eventsOf = (node: JsonNode, pointer: string, isConditional: boolean): readonly EventUse[] =>
  itemsOf(memberOf(node, 'Events')).flatMap((item, index) => {
    const named = memberOf(item, 'Event');
    const event = textOf(named);
    // Between the events stand the words AND and OR, and brackets.
    if (event === undefined || named === undefined) return [];
    return [{ event, offset: named.from, pointer: `${pointer}/Events/${index}/Event`, isConditional }];
  });

const runOf = (node: JsonNode, pointer: string): RunAction => ({
  folder: textOf(memberOf(node, 'Folder')),
  job: textOf(memberOf(node, 'Job')),
  offset: node.from,
  pointer,
});

/** Collects the actions within an `If`, however deep: lists of actions, events and jobs that are started. */
const collectActions = (uses: Uses, node: JsonNode, pointer: string): void => {
  const type = withoutAction(typeOf(node) ?? '');
  const list = listKinds[type];
  if (list !== undefined) uses[list].push(...eventsOf(node, pointer, true));
  const action = actionKinds[type];
  const named = memberOf(node, 'Event');
  const event = textOf(named);
  if (action !== undefined && event !== undefined && named !== undefined) {
    uses[action].push({ event, offset: named.from, pointer: `${pointer}/Event`, isConditional: true });
  }
  if (type === 'Run') uses.runs.push(runOf(node, pointer));
  for (const { name, value } of membersOf(node)) collectActions(uses, value, `${pointer}/${pointerPart(name)}`);
  for (const [index, item] of itemsOf(node).entries()) collectActions(uses, item, `${pointer}/${index}`);
};

const collectMember = (uses: Uses, { name, value }: Member, pointer: string): void => {
  const type = typeOf(value) ?? '';
  const at = `${pointer}/${pointerPart(name)}`;
  const list = listKinds[type];
  if (list !== undefined) uses[list].push(...eventsOf(value, at, false));
  if (list === 'waitsFor') uses.conditions.push(readCondition(itemsOf(memberOf(value, 'Events'))));
  if (type.startsWith('Resource:')) uses.resources.push(name);
  if (type === 'If' || type.startsWith('If:')) collectActions(uses, value, at);
};

/** Finds what a job or folder does with events, jobs and resources by its own members. */
export const usesOf = (node: JsonNode, pointer: string): Readonly<Uses> => {
  const uses: Uses = { waitsFor: [], conditions: [], adds: [], deletes: [], runs: [], resources: [] };
  for (const member of membersOf(node)) collectMember(uses, member, pointer);
  return uses;
};
