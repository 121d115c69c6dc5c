import { createScanner } from 'jsonc-parser';
import type { Span } from './nodes.ts';

export type TokenKind = '{' | '}' | '[' | ']' | ':' | ',' | 'text' | 'literal' | 'end' | 'unknown';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The value of a text; of another token, its text as it is written. */
  readonly value: string;
  /** The fault within the token, for the reader of an error message. */
  readonly fault?: string;
}

export interface TokenReader {
  /** Undefined at the end as well: the end is a token. */
  peek(): Token;
  next(): Token;
  /** The comments that were passed. */
  readonly comments: Span[];
}

/** The kinds of token by their number in jsonc-parser, whose names exist for the compiler alone. */
const kinds: Readonly<Record<number, TokenKind>> = {
  1: '{',
  2: '}',
  3: '[',
  4: ']',
  5: ',',
  6: ':',
  7: 'literal',
  8: 'literal',
  9: 'literal',
  10: 'text',
  11: 'literal',
  17: 'end',
};
const comments: ReadonlySet<number> = new Set([12, 13]);
const lineBreak = 14;
const blank = 15;

/** The faults within a token by their number in jsonc-parser. */
const faults: Readonly<Record<number, string>> = {
  1: 'a comment has no end',
  2: 'a text has no closing quote on its line',
  3: 'a number is not complete',
  4: 'a text has a \\u without four hexadecimal digits',
  5: 'a text has a backslash before a character that it does not escape',
  6: 'a text has a control character that is not escaped',
};

const isTrivia = (kind: number): boolean => kind === lineBreak || kind === blank || comments.has(kind);

/** Reads the tokens of JSON with comments, from an offset on. */
export const readTokens = (source: string, start: number): TokenReader => {
  const scanner = createScanner(source, false);
  scanner.setPosition(start);
  const passed: Span[] = [];
  const read = (): Token => {
    let kind: number = scanner.scan();
    while (isTrivia(kind) && !(scanner.getTokenError() in faults)) {
      if (comments.has(kind)) passed.push({ from: scanner.getTokenOffset(), to: scanner.getPosition() });
      kind = scanner.scan();
    }
    const fault = faults[scanner.getTokenError()];
    const [from, to] = [scanner.getTokenOffset(), scanner.getPosition()];
    return {
      kind: kinds[kind] ?? 'unknown',
      value: kinds[kind] === 'text' ? scanner.getTokenValue() : source.slice(from, to),
      from,
      to,
      ...(fault === undefined ? {} : { fault }),
    };
  };
  let ahead: Token | undefined;
  return {
    comments: passed,
    peek: () => (ahead ??= read()),
    next: () => {
      const token = ahead ?? read();
      ahead = undefined;
      return token;
    },
  };
};
