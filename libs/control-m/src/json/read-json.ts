import { pointerPart, type OffsetFinding } from '../finding.ts';
import type { JsonNode, ListNode, Member, ObjectNode, Span } from './nodes.ts';
import { readTokens, type Token, type TokenReader } from './tokens.ts';

export interface JsonBounds {
  /** The longest text, in UTF-16 code units. */
  readonly charactersMax: number;
  /** The deepest nesting; the outermost object counts as one. */
  readonly nestingMax: number;
}

/** A text that was read, or the fault that ended reading it. */
export interface ReadJson {
  readonly source: string;
  /** Undefined exactly when there is a finding of severity `error` with a code of `broken`. */
  readonly root: JsonNode | undefined;
  readonly findings: readonly OffsetFinding[];
  /** The spans that strict JSON does not have: the byte order mark, comments and trailing commas. */
  readonly lenient: readonly Span[];
  /** True if the outermost braces are missing. */
  readonly isUnbraced: boolean;
}

/** Names that lead to prototypes in whatever reads the document as an object of JavaScript. */
const prototypeNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const duplicatesToldMax = 100;
/** Control-M reads nothing into it: people write it as often as they like. */
const commentName = 'Comment';
const quotedCharactersMax = 40;

/** Ends reading. It is thrown within this file alone. */
class BrokenJson extends Error {
  readonly finding: OffsetFinding;
  constructor(finding: OffsetFinding) {
    super(finding.message);
    this.finding = finding;
  }
}

interface Reading {
  readonly tokens: TokenReader;
  readonly bounds: JsonBounds;
  readonly findings: OffsetFinding[];
  readonly trailingCommas: Span[];
  duplicates: number;
}

const broken = (code: string, pointer: string, offset: number, message: string, hint: string): BrokenJson =>
  new BrokenJson({ code, severity: 'error', pointer, offset, message, hint });

const quoted = ({ kind, value }: Token): string =>
  kind === 'end' ? 'the end of the document' : `"${value.slice(0, quotedCharactersMax)}"`;

/** The hint for a token that JSON does not have. */
const hintFor = (token: Token): string => {
  if (token.value.startsWith("'")) return 'Write texts and names in double quotes.';
  if (/^[A-Za-z_]/.test(token.value)) return 'Write texts and names in double quotes; true, false and null in lower case.';
  if (token.kind === 'end') return 'A brace, bracket or quote that was opened is not closed.';
  return 'Look at the characters just before this place.';
};

const unexpected = (token: Token, pointer: string, wanted: string, hint = hintFor(token)): BrokenJson => {
  if (token.fault !== undefined) {
    return broken('SYNTAX', pointer, token.from, `The document is no JSON: ${token.fault}.`, 'Correct the text at this place.');
  }
  return broken('SYNTAX', pointer, token.from, `The document is no JSON: ${wanted} is wanted before ${quoted(token)}.`, hint);
};

const readValue = (reading: Reading, pointer: string, depth: number): JsonNode => {
  const token = reading.tokens.next();
  if (token.fault !== undefined) throw unexpected(token, pointer, 'a value');
  const { from, to } = token;
  if (token.kind === 'text') return { kind: 'text', value: token.value, from, to };
  if (token.kind === 'literal') return { kind: 'literal', from, to };
  if (token.kind !== '{' && token.kind !== '[') throw unexpected(token, pointer, 'a value');
  if (depth >= reading.bounds.nestingMax) {
    const message = `The document is nested deeper than ${reading.bounds.nestingMax} levels.`;
    throw broken(
      'TOO_DEEP',
      pointer,
      from,
      message,
      'Control-M documents need a few levels: look for a bracket that is never closed.',
    );
  }
  return token.kind === '{' ? readObject(reading, pointer, depth + 1, from) : readList(reading, pointer, depth + 1, from);
};

/** Takes the comma between two parts, or a trailing one. True if another part follows. */
const takeComma = (reading: Reading, pointer: string, end: '}' | ']' | 'end'): boolean => {
  const { tokens } = reading;
  const token = tokens.peek();
  if (token.kind === end) return false;
  if (token.kind !== ',') {
    const hint = token.kind === 'end' ? hintFor(token) : 'Is a comma missing between the two?';
    throw unexpected(token, pointer, end === 'end' ? 'a comma' : `a comma or "${end}"`, hint);
  }
  tokens.next();
  if (tokens.peek().kind !== end) return true;
  reading.trailingCommas.push({ from: token.from, to: token.to });
  return false;
};

const noteName = (reading: Reading, names: Map<string, number>, token: Token, pointer: string): void => {
  const { value: name, from: offset } = token;
  if (prototypeNames.has(name)) {
    const message = `The name ${name} is reserved: programs that read the document would take it for something else.`;
    throw broken('RESERVED_NAME', pointer, offset, message, 'Give it another name.');
  }
  if (names.has(name)) {
    reading.duplicates += 1;
    if (reading.duplicates > duplicatesToldMax) return;
    reading.findings.push({
      code: 'DUPLICATE_NAME',
      severity: name === commentName ? 'note' : 'error',
      pointer,
      offset,
      message: `The name "${name.slice(0, quotedCharactersMax)}" comes twice in one object: most programs read the last one alone.`,
      hint: 'Rename one of the two, or remove it.',
    });
  }
  names.set(name, offset);
};

/** Reads members up to the closing brace; to the end of the document where the outermost braces are missing. */
const readMembers = (reading: Reading, pointer: string, depth: number, end: '}' | 'end'): readonly Member[] => {
  const members: Member[] = [];
  const names = new Map<string, number>();
  let goesOn = reading.tokens.peek().kind !== end;
  while (goesOn) {
    const name = reading.tokens.next();
    if (name.kind !== 'text' || name.fault !== undefined) throw unexpected(name, pointer, 'a name in double quotes');
    const at = `${pointer}/${pointerPart(name.value)}`;
    noteName(reading, names, name, at);
    const colon = reading.tokens.next();
    if (colon.kind !== ':') throw unexpected(colon, at, 'a colon', 'Is the colon missing after the name?');
    members.push({ name: name.value, nameSpan: { from: name.from, to: name.to }, value: readValue(reading, at, depth) });
    goesOn = takeComma(reading, pointer, end);
  }
  return members;
};

const readObject = (reading: Reading, pointer: string, depth: number, from: number): ObjectNode => {
  const members = readMembers(reading, pointer, depth, '}');
  return { kind: 'object', members, from, to: reading.tokens.next().to };
};

const readList = (reading: Reading, pointer: string, depth: number, from: number): ListNode => {
  const items: JsonNode[] = [];
  let goesOn = reading.tokens.peek().kind !== ']';
  while (goesOn) {
    items.push(readValue(reading, `${pointer}/${items.length}`, depth));
    goesOn = takeComma(reading, pointer, ']');
  }
  return { kind: 'list', items, from, to: reading.tokens.next().to };
};

/** Reads the outermost value, or members without braces around them. */
const readRoot = (reading: Reading, source: string): { readonly root: JsonNode; readonly isUnbraced: boolean } => {
  const first = reading.tokens.peek();
  if (first.kind === 'end') throw broken('EMPTY', '', 0, 'The document is empty.', 'Send the text of a Control-M document.');
  if (first.kind === 'text' && first.fault === undefined) {
    const members = readMembers(reading, '', 1, 'end');
    return { root: { kind: 'object', members, from: first.from, to: source.length }, isUnbraced: true };
  }
  const root = readValue(reading, '', 0);
  const rest = reading.tokens.next();
  if (rest.kind !== 'end')
    throw unexpected(rest, '', 'the end of the document', 'Something follows behind the last closing brace.');
  return { root, isUnbraced: false };
};

const warning = (code: string, offset: number, message: string): OffsetFinding => ({
  code,
  severity: 'warning',
  pointer: '',
  offset,
  message,
});

const count = (n: number, one: string, many: string): string => (n === 1 ? `one ${one}` : `${n} ${many}`);

/** The warnings about what strict JSON does not have. */
const lenientFindings = (
  hasMark: boolean,
  comments: readonly Span[],
  commas: readonly Span[],
  isUnbraced: boolean,
): readonly OffsetFinding[] => [
  ...(hasMark ? [warning('BYTE_ORDER_MARK', 0, 'The document begins with a byte order mark.')] : []),
  ...comments
    .slice(0, 1)
    .map(({ from }) =>
      warning('COMMENT', from, `The document has ${count(comments.length, 'comment', 'comments')}, which JSON does not know.`),
    ),
  ...commas
    .slice(0, 1)
    .map(({ from }) =>
      warning(
        'TRAILING_COMMA',
        from,
        `The document has ${count(commas.length, 'comma', 'commas')} behind a last part, which JSON does not know.`,
      ),
    ),
  ...(isUnbraced ? [warning('NO_OUTER_BRACES', 0, 'The braces around the whole document are missing.')] : []),
];

/**
 * Reads JSON as people write it: with comments, a byte order mark, trailing commas, or without the outermost braces; each of these is a
 * warning. Names that come twice are findings; both stay. Anything else that RFC 8259 does not allow ends reading: `root` is then
 * undefined, and the finding of severity `error` says where and what to do.
 */
export const readJson = (source: string, bounds: JsonBounds): ReadJson => {
  const hasMark = source.startsWith('\u{feff}');
  const tokens = readTokens(source, hasMark ? 1 : 0);
  const reading: Reading = { tokens, bounds, findings: [], trailingCommas: [], duplicates: 0 };
  try {
    if (source.length > bounds.charactersMax) {
      const message = `The document is longer than ${bounds.charactersMax} characters.`;
      throw broken('TOO_LONG', '', 0, message, 'Divide it into several documents.');
    }
    const { root, isUnbraced } = readRoot(reading, source);
    const findings = [...reading.findings, ...lenientFindings(hasMark, tokens.comments, reading.trailingCommas, isUnbraced)];
    const lenient = [...(hasMark ? [{ from: 0, to: 1 }] : []), ...tokens.comments, ...reading.trailingCommas];
    return { source, root, findings, lenient, isUnbraced };
  } catch (error) {
    if (!(error instanceof BrokenJson)) throw error;
    return { source, root: undefined, findings: [...reading.findings, error.finding], lenient: [], isUnbraced: false };
  }
};
