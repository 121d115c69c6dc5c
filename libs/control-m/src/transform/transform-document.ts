import {
  itemsOf,
  memberOf,
  membersOf,
  textOf,
  typeOf,
  type JsonNode,
  type Member,
  type ObjectNode,
  type Span,
} from '../json/nodes.ts';
import { isFolderKind, isJobType } from '../model/kinds.ts';
import { isOwnName, type DescriptorRule, type Replacement } from './descriptor.ts';

/** A folder, a job or a set of `Defaults`. */
interface Target {
  readonly node: ObjectNode;
  /** The place of its name; undefined for `Defaults`, and for a listed job without one. */
  readonly nameSpan: Span | undefined;
  readonly name: string;
}

const listedJobs = (list: JsonNode): readonly Target[] =>
  itemsOf(list).flatMap((node) => {
    if (node.kind !== 'object' || !isJobType(typeOf(node))) return [];
    const name = memberOf(node, 'Name');
    return [{ node, nameSpan: name, name: textOf(name) ?? '' }];
  });

const targetsOf = ({ name, nameSpan, value }: Member): readonly Target[] => {
  if (name === 'Jobs') return listedJobs(value);
  if (value.kind !== 'object') return [];
  const type = typeOf(value);
  const inner = value.members.flatMap(targetsOf);
  if (isFolderKind(type)) return [{ node: value, nameSpan, name }, ...inner];
  if (isJobType(type)) return [{ node: value, nameSpan, name }];
  return name === 'Defaults' ? [{ node: value, nameSpan: undefined, name }] : [];
};

/** The values that rules have given to places of a text, as JSON, by the place. */
type Changes = Map<Span, string>;

const valueAt = (source: string, changes: Changes, place: JsonNode): string | undefined => {
  const changed = changes.get(place);
  if (changed === undefined) return textOf(place) ?? (place.kind === 'literal' ? source.slice(place.from, place.to) : undefined);
  if (changed.startsWith('"')) return JSON.parse(changed) as string;
  return /^[{[]/.test(changed) ? undefined : changed;
};

const nodeAt = (node: JsonNode, path: readonly string[]): JsonNode | undefined => {
  let at: JsonNode | undefined = node;
  for (const name of path) at = memberOf(at, name);
  return at;
};

interface Transforming {
  readonly source: string;
  readonly changes: Changes;
}

/** The current text of a property of a target; undefined where it has none. */
const textAt = (
  { source, changes }: Transforming,
  { node, nameSpan, name }: Target,
  path: readonly string[],
): string | undefined => {
  if (isOwnName(path)) {
    if (nameSpan === undefined) return undefined;
    return JSON.parse(changes.get(nameSpan) ?? JSON.stringify(name)) as string;
  }
  const place = nodeAt(node, path);
  return place === undefined ? undefined : valueAt(source, changes, place);
};

const replaced = (text: string, replacements: readonly Replacement[]): string | undefined => {
  const fitting = replacements.find(({ pattern }) => pattern.matcher(text).matches());
  return fitting === undefined ? undefined : fitting.pattern.matcher(text).replaceFirst(fitting.by);
};

const applies = (transforming: Transforming, target: Target, { appliesOn }: DescriptorRule): boolean =>
  appliesOn.every(({ property, patterns }) => {
    const text = textAt(transforming, target, property);
    return text !== undefined && patterns.some((pattern) => pattern.matcher(text).matches());
  });

/** Applies a rule to a target, and tells whether it matched there. */
const applyRule = (transforming: Transforming, target: Target, rule: DescriptorRule): boolean => {
  if (!applies(transforming, target, rule)) return false;
  let isMatched = false;
  for (const property of rule.properties) {
    const place = isOwnName(property) ? target.nameSpan : nodeAt(target.node, property);
    if (place === undefined) continue;
    if ('assign' in rule.change) {
      transforming.changes.set(place, rule.change.assign);
      isMatched = true;
      continue;
    }
    const text = textAt(transforming, target, rule.source ?? property);
    const next = text === undefined ? undefined : replaced(text, rule.change.replacements);
    if (next === undefined) continue;
    transforming.changes.set(place, JSON.stringify(next));
    isMatched = true;
  }
  return isMatched;
};

const spliced = (source: string, changes: Changes): string => {
  const parts: string[] = [];
  let at = 0;
  for (const [{ from, to }, text] of [...changes].toSorted(([one], [other]) => one.from - other.from)) {
    // A place within one that was assigned is gone with it.
    if (from < at) continue;
    parts.push(source.slice(at, from), text);
    at = to;
  }
  return parts.join('') + source.slice(at);
};

export interface Transformed {
  readonly text: string;
  /** How many folders, jobs and sets of `Defaults` each rule matched. */
  readonly matches: readonly number[];
}

/**
 * Applies the rules of a deploy descriptor to a document, one after the other. A property that is not there is not added, and what no
 * rule changes is the same text, character by character. Names in flows stay as they are: a check tells of those that name nothing any more.
 */
export const transformDocument = (
  { source, root }: { readonly source: string; readonly root: JsonNode },
  rules: readonly DescriptorRule[],
): Transformed => {
  const transforming: Transforming = { source, changes: new Map() };
  const targets = membersOf(root).flatMap(targetsOf);
  const matches = rules.map((rule) => targets.filter((target) => applyRule(transforming, target, rule)).length);
  return { text: spliced(source, transforming.changes), matches };
};
