import type { JsonNode } from './nodes.ts';
import type { ReadJson } from './read-json.ts';

/** Everything but line breaks as a space, so that lines and columns stay. */
const blank = (text: string): string => text.replaceAll(/[^\r\n]/g, ' ');

/**
 * The text as strict JSON (RFC 8259) of the same length: comments, trailing commas and the byte order mark are spaces, so that every
 * offset stays. Missing outermost braces stay missing.
 */
export const strictText = ({ source, lenient }: ReadJson): string => {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to } of lenient.toSorted((one, other) => one.from - other.from)) {
    parts.push(source.slice(at, from), blank(source.slice(from, to)));
    at = to;
  }
  parts.push(source.slice(at));
  return parts.join('');
};

const write = (source: string, node: JsonNode, indent: string): string => {
  if (node.kind === 'text' || node.kind === 'literal') return source.slice(node.from, node.to);
  const inner = `${indent}  `;
  if (node.kind === 'list') {
    if (node.items.length === 0) return '[]';
    return `[\n${node.items.map((item) => `${inner}${write(source, item, inner)}`).join(',\n')}\n${indent}]`;
  }
  if (node.members.length === 0) return '{}';
  const members = node.members.map(
    ({ nameSpan, value }) => `${inner}${source.slice(nameSpan.from, nameSpan.to)}: ${write(source, value, inner)}`,
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
};

/** A value as strict JSON in the usual layout: two spaces a level, a member a line. Order, names, texts and numbers stay as they are written. */
export const normalisedText = (source: string, node: JsonNode): string => `${write(source, node, '')}\n`;
