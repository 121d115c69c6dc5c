import { pointerPart } from '../finding.ts';
import { itemsOf, memberOf, membersOf, textOf, typeOf, type JsonNode, type Member } from '../json/nodes.ts';
import { readCondition } from './condition.ts';
import { dateOf } from './event-dates.ts';
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
    return [{ event, date: dateOf(item), offset: named.from, pointer: `${pointer}/Events/${index}/Event`, isConditional }];
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
    uses[action].push({ event, date: dateOf(node), offset: named.from, pointer: `${pointer}/Event`, isConditional: true });
  }
  if (type === 'Run') uses.runs.push(runOf(node, pointer));
  for (const { name, value } of membersOf(node)) collectActions(uses, value, `${pointer}/${pointerPart(name)}`);
  for (const [index, item] of itemsOf(node).entries()) collectActions(uses, item, `${pointer}/${index}`);
};

/** `If`, `If:Output`, and the forms in which Control-M writes them itself, as `IfBase:Folder:CompletionStatus`. */
const conditionType = /^If(?:Base)?(?::|$)/;

const collectMember = (uses: Uses, { name, value }: Member, pointer: string): void => {
  const type = typeOf(value) ?? '';
  const at = `${pointer}/${pointerPart(name)}`;
  const list = listKinds[type];
  if (list !== undefined) uses[list].push(...eventsOf(value, at, false));
  if (list === 'waitsFor') uses.conditions.push(readCondition(itemsOf(memberOf(value, 'Events'))));
  if (type.startsWith('Resource:')) uses.resources.push(name);
  if (conditionType.test(type)) collectActions(uses, value, at);
};

const collected = (members: readonly Member[], pointer: string): Uses => {
  const uses: Uses = { waitsFor: [], conditions: [], adds: [], deletes: [], runs: [], resources: [] };
  for (const member of members) collectMember(uses, member, pointer);
  return uses;
};

/**
 * Finds what a job or folder does with events, jobs and resources by its own members, and by those that `Defaults` give it: their place is the
 * job's own.
 */
export const usesOf = (node: JsonNode, pointer: string, given: readonly Member[]): Readonly<Uses> => {
  const uses = collected(membersOf(node), pointer);
  if (given.length === 0) return uses;
  const more = collected(given, pointer);
  const here = <T extends object>(use: T) => ({ ...use, offset: node.from, pointer });
  return {
    waitsFor: [...uses.waitsFor, ...more.waitsFor.map(here)],
    conditions: [...uses.conditions, ...more.conditions],
    adds: [...uses.adds, ...more.adds.map(here)],
    deletes: [...uses.deletes, ...more.deletes.map(here)],
    runs: [...uses.runs, ...more.runs.map(here)],
    resources: [...uses.resources, ...more.resources],
  };
};
