import type { Expression, TaggedTemplateExpression } from 'oxc-parser';
import { isFunction, type Definition, type FunctionLike, type Scopes } from './scopes.ts';

/** Texts of which PostgreSQL must be able to read at least one: more than one where a piece is not known. */
export type Readings = readonly string[];

export interface RenderParts {
  /** All files whose fragments may be used; a name that a file does not define is looked for in the others. */
  readonly sources: readonly Scopes[];
  /** The schema that stands where the source computes it. */
  readonly schema: string;
}

/** Where a value goes; numbered at the end. */
const value = '\u0001';
const depthMax = 8;
const readingsMax = 32;

/** `sql.fragment`, `sql.unsafe`, `sql.type(…)` or plain `sql`: null when the tag is none of them. */
export const sqlTagOf = ({ tag }: TaggedTemplateExpression): 'fragment' | 'statement' | null => {
  if (tag.type === 'Identifier') return tag.name === 'sql' ? 'statement' : null;
  const method = sqlMethodOf(tag.type === 'CallExpression' ? tag.callee : tag);
  if (method === null) return null;
  return method === 'fragment' ? 'fragment' : 'statement';
};

const sqlMethodOf = (node: Expression): string | null =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === 'sql' &&
  node.property.type === 'Identifier'
    ? node.property.name
    : null;

/**
 * A template as SQL text. The first entry takes the first choice of every piece, each further entry another choice of
 * one piece, so that every branch of a conditional fragment is read at least once.
 */
export const renderTemplate = (template: TaggedTemplateExpression, scopes: Scopes, parts: RenderParts): Readings[] =>
  renderer(parts)
    .template(template, scopes, 0)
    .map((readings) => readings.map(numberValues));

const numberValues = (text: string): string => {
  let next = 0;
  return text.replaceAll(value, () => `$${(next += 1)}`);
};

const renderer = ({ sources, schema }: RenderParts) => {
  const template = ({ quasi }: TaggedTemplateExpression, scopes: Scopes, depth: number): Readings[] => {
    const pieces = quasi.expressions.map((piece) => expression(piece, scopes, depth + 1));
    const first = pieces.map((choices) => choices[0] ?? [value]);
    const variants = [first];
    pieces.forEach((choices, position) => {
      for (const choice of choices.slice(1)) variants.push(first.with(position, choice));
    });
    const texts = quasi.quasis.map((part) => part.value.cooked ?? part.value.raw);
    return variants.map((variant) => weave(texts, variant));
  };

  const expression = (node: Expression, scopes: Scopes, depth: number): Readings[] => {
    if (depth > depthMax) return [[value]];
    if (node.type === 'TaggedTemplateExpression') return sqlTagOf(node) === null ? [[value]] : template(node, scopes, depth);
    if (node.type === 'ConditionalExpression') {
      return [node.consequent, node.alternate].flatMap((branch) => expression(branch, scopes, depth));
    }
    if (node.type === 'LogicalExpression') return [node.right, node.left].flatMap((branch) => expression(branch, scopes, depth));
    if (node.type === 'Identifier') return named(node.name, node.start, scopes, depth);
    if (node.type === 'MemberExpression') return member(node, scopes, depth);
    if (node.type === 'CallExpression') return call(node, scopes, depth);
    const inner = unwrapped(node);
    return inner === node ? [[value]] : expression(inner, scopes, depth);
  };

  const member = (node: Expression & { type: 'MemberExpression' }, scopes: Scopes, depth: number): Readings[] => {
    if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return [[value]];
    const { definition, home } = find(node.object.name, node.start, scopes);
    const holder = definition?.kind === 'expression' ? unwrapped(definition.value) : undefined;
    if (holder?.type !== 'ObjectExpression') return [[value]];
    const key = node.property.name;
    const property = holder.properties.find(
      (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === key,
    );
    return property?.type === 'Property' ? expression(property.value, home, depth + 1) : [[value]];
  };

  const find = (name: string, at: number, scopes: Scopes): { definition: Definition | undefined; home: Scopes } => {
    const here = scopes.find(name, at);
    if (here !== undefined) return { definition: here, home: scopes };
    const home = sources.find((other) => other !== scopes && other.find(name, 0) !== undefined);
    return { definition: home?.find(name, 0), home: home ?? scopes };
  };

  const named = (name: string, at: number, scopes: Scopes, depth: number): Readings[] => {
    const { definition, home } = find(name, at, scopes);
    if (definition?.kind === 'expression') return expression(definition.value, home, depth + 1);
    if (definition?.kind !== 'parameter') return [[value]];
    const { pattern, of, position } = definition;
    const standard = pattern.type === 'AssignmentPattern' ? expression(pattern.right, home, depth + 1) : [];
    const given = home.argumentsAt(of, position).flatMap((argument) => expression(argument, home, depth + 1));
    if (standard.length + given.length > 0) return [...standard, ...given];
    const isFragment = /\b(Fragment|FragmentSqlToken|SqlFragment)\b/.test(home.file.text.slice(pattern.start, pattern.end));
    return isFragment ? [[`${schema}.any_table`, 'true', 'any_column', '']] : [[value]];
  };

  const answers = (of: FunctionLike, scopes: Scopes, depth: number): Readings[] => {
    const all = scopes.answersOf(of).flatMap((answer) => expression(answer, scopes, depth + 1));
    return all.length === 0 ? [[value]] : all;
  };

  const call = (node: Expression & { type: 'CallExpression' }, scopes: Scopes, depth: number): Readings[] => {
    const [first, second] = node.arguments.filter((argument) => argument.type !== 'SpreadElement');
    const method = sqlMethodOf(node.callee);
    if (method === 'identifier') return [[identifier(first, schema)]];
    if (method === 'unnest')
      return [
        [
          `unnest(${
            typesOf(second)
              .map((type) => `${value}::${type}[]`)
              .join(', ') || value
          })`,
        ],
      ];
    if (method === 'array') return [[`${value}::${typesOf(second)[0] ?? 'text'}[]`]];
    if (method === 'join' && first !== undefined) return joined(first, scopes, depth);
    if (node.callee.type !== 'Identifier') return [[value]];
    const { definition, home } = find(node.callee.name, node.start, scopes);
    if (definition?.kind === 'function') return answers(definition.value, home, depth);
    if (definition?.kind !== 'parameter') return [[value]];
    const given = home.argumentsAt(definition.of, definition.position).filter(isFunction);
    return given.length === 0 ? [[value]] : given.flatMap((one) => answers(one, home, depth));
  };

  /** A list is read as one of its items: `list.map((item) => sql.fragment…)`, `[a, b]`, or plain values. */
  const joined = (list: Expression, scopes: Scopes, depth: number): Readings[] => {
    const node = unwrapped(list);
    if (node.type === 'ArrayExpression') {
      const items = node.elements.flatMap((item) => (item === null || item.type === 'SpreadElement' ? [] : [item]));
      return items.flatMap((item) => expression(item, scopes, depth + 1));
    }
    if (node.type === 'Identifier') {
      const { definition, home } = find(node.name, node.start, scopes);
      return definition?.kind === 'expression' ? joined(definition.value, home, depth + 1) : [[value]];
    }
    const mapper = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    return mapper !== undefined && mapper.type !== 'SpreadElement' && isFunction(mapper)
      ? answers(mapper, scopes, depth)
      : [[value]];
  };

  return { template };
};

const unwrapped = (node: Expression): Expression =>
  node.type === 'TSAsExpression' ||
  node.type === 'TSSatisfiesExpression' ||
  node.type === 'TSNonNullExpression' ||
  node.type === 'ParenthesizedExpression'
    ? unwrapped(node.expression)
    : node;

/** Every way to fill the gaps between the texts, up to a bound. */
const weave = (texts: readonly string[], gaps: readonly Readings[]): Readings => {
  let readings: string[] = [texts[0] ?? ''];
  gaps.forEach((choices, position) => {
    readings = readings
      .flatMap((start) => choices.map((choice) => `${start}${choice}${texts[position + 1] ?? ''}`))
      .slice(0, readingsMax);
  });
  return readings;
};

const literalsIn = (node: Expression | undefined): (string | null)[] => {
  const list = node === undefined ? undefined : unwrapped(node);
  if (list?.type !== 'ArrayExpression') return [];
  return list.elements.map((item) => (item?.type === 'Literal' && typeof item.value === 'string' ? item.value : null));
};

/** `sql.identifier([schema, 'users'])`: what is computed is a schema at the first of two places, a name elsewhere. */
const identifier = (list: Expression | undefined, schema: string): string => {
  const names = literalsIn(list);
  return (
    names.map((name, position) => `"${name ?? (position === 0 && names.length > 1 ? schema : 'any_name')}"`).join('.') ||
    'any_name'
  );
};

const typesOf = (node: Expression | undefined): string[] => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return [node.value];
  return literalsIn(node).map((type) => type ?? 'text');
};
