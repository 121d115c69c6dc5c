import { RE2JS } from 're2js';
import { pointerPart, type OffsetFinding } from '../finding.ts';
import { itemsOf, memberOf, membersOf, textOf, type JsonNode, type Member } from '../json/nodes.ts';
import { readJson, type JsonBounds } from '../json/read-json.ts';
import { compactText } from '../merge/edits.ts';

/** The path of a property: names joined by dots; `@` is the name of the folder or job itself. */
type PropertyPath = readonly string[];

/** Tells whether a path is that of the name itself. */
export const isOwnName = (path: PropertyPath): boolean => path.length === 1 && path[0] === '@';

export interface Replacement {
  readonly pattern: RE2JS;
  /** With `$1` for the first group. */
  readonly by: string;
}

/** A rule of a deploy descriptor: what it changes, and where. */
export interface DescriptorRule {
  readonly properties: readonly PropertyPath[];
  /** The property whose value is matched in place of the changed one. */
  readonly source: PropertyPath | undefined;
  /** All must match, each by one of its patterns. */
  readonly appliesOn: readonly { readonly property: PropertyPath; readonly patterns: readonly RE2JS[] }[];
  readonly change: { readonly assign: string } | { readonly replacements: readonly Replacement[] };
}

export interface ReadDescriptor {
  readonly rules: readonly DescriptorRule[];
  /** Findings of reading it; of severity `error` where there are no rules. */
  readonly findings: readonly OffsetFinding[];
}

/** A fault of a rule, thrown while it is read and caught where the descriptor is. */
class RuleFault extends Error {
  readonly node: JsonNode;
  readonly pointer: string;
  constructor(node: JsonNode, pointer: string, message: string) {
    super(message);
    this.node = node;
    this.pointer = pointer;
  }
}

const pathOf = (name: string): PropertyPath => name.split('.');

const textsOf = (node: JsonNode, pointer: string): readonly string[] => {
  const texts = (node.kind === 'list' ? node.items : [node]).map(textOf);
  const known = texts.filter((text) => text !== undefined);
  if (known.length === 0 || known.length < texts.length) throw new RuleFault(node, pointer, 'must be a text, or a list of texts');
  return known;
};

/** A pattern that matches a whole value, in linear time: RE2, which has no backreferences and no lookaround. Throws RuleFault. */
const patternOf = (text: string, node: JsonNode, pointer: string): RE2JS => {
  try {
    return RE2JS.compile(`^(?:${text})$`, RE2JS.DOTALL);
  } catch (error) {
    throw new RuleFault(node, pointer, `is no regular expression: ${(error as Error).message}`);
  }
};

const replacementOf = ({ name, value }: Member, pointer: string): Replacement => {
  const pattern = patternOf(name, value, pointer);
  const by = textOf(value);
  if (by === undefined) throw new RuleFault(value, pointer, 'must be replaced by a text');
  const groups = [...by.matchAll(/(?<!\\)\$(\d+)/g)].map(([, group]) => Number(group));
  const missing = groups.find((group) => group > pattern.groupCount());
  if (missing !== undefined) throw new RuleFault(value, pointer, `names the group $${missing}, which its pattern does not have`);
  return { pattern, by };
};

const changeOf = (source: string, rule: JsonNode, pointer: string): DescriptorRule['change'] => {
  const [assigned, replaced] = [memberOf(rule, 'Assign'), memberOf(rule, 'Replace')];
  if ((assigned === undefined) === (replaced === undefined)) {
    throw new RuleFault(rule, pointer, 'must have one of Assign and Replace');
  }
  if (assigned !== undefined) return { assign: compactText(source, assigned) };
  const pairs = (replaced?.kind === 'list' ? replaced.items : [replaced]).flatMap(membersOf);
  if (pairs.length === 0) throw new RuleFault(rule, `${pointer}/Replace`, 'must be a list of patterns with what replaces them');
  return { replacements: pairs.map((pair) => replacementOf(pair, `${pointer}/Replace`)) };
};

const ruleOf = (source: string, rule: JsonNode, pointer: string): DescriptorRule => {
  const property = memberOf(rule, 'Property');
  if (property === undefined) throw new RuleFault(rule, pointer, 'must have a Property');
  const matched = memberOf(rule, 'Source');
  const appliesOn = membersOf(memberOf(rule, 'ApplyOn')).map(({ name, value }) => {
    const at = `${pointer}/ApplyOn/${pointerPart(name)}`;
    return { property: pathOf(name), patterns: textsOf(value, at).map((text) => patternOf(text, value, at)) };
  });
  const properties = textsOf(property, `${pointer}/Property`).map(pathOf);
  const change = changeOf(source, rule, pointer);
  if ('assign' in change && !change.assign.startsWith('"') && properties.some(isOwnName)) {
    throw new RuleFault(rule, `${pointer}/Assign`, 'must give a name that is a text');
  }
  return {
    properties,
    source: matched === undefined ? undefined : pathOf(textsOf(matched, `${pointer}/Source`)[0] ?? ''),
    appliesOn,
    change,
  };
};

const refused = (pointer: string, offset: number, message: string): ReadDescriptor => ({
  rules: [],
  findings: [{ code: 'DESCRIPTOR', severity: 'error', pointer, offset, message }],
});

/** Reads a deploy descriptor, a list of rules or `{"DeployDescriptor": […]}`, leniently as `readJson`. */
export const readDescriptor = (text: string, bounds: JsonBounds & { readonly rulesMax: number }): ReadDescriptor => {
  const { root, findings, source } = readJson(text, bounds);
  if (root === undefined) return { rules: [], findings };
  const list = root.kind === 'list' ? root : memberOf(root, 'DeployDescriptor');
  const [items, pointer] = [itemsOf(list), root.kind === 'list' ? '' : '/DeployDescriptor'];
  if (items.length === 0) return refused(pointer, root.from, 'The descriptor has no list of rules named DeployDescriptor.');
  if (items.length > bounds.rulesMax)
    return refused(pointer, root.from, `The descriptor has more than ${bounds.rulesMax} rules.`);
  try {
    return { rules: items.map((item, index) => ruleOf(source, item, `${pointer}/${index}`)), findings };
  } catch (fault) {
    if (!(fault instanceof RuleFault)) throw fault;
    return refused(
      fault.pointer,
      fault.node.from,
      `Rule ${Number(fault.pointer.slice(pointer.length + 1).split('/')[0]) + 1} ${fault.message}.`,
    );
  }
};
