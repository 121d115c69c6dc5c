import type { LineDiff } from '@guildhall/contracts';

type Line = LineDiff['hunks'][number]['lines'][number];

/** A line with what nobody sees at its end: blanks, the carriage return of a line that ends with CR LF, and a line feed that is missing. */
export interface LineParts {
  readonly visible: string;
  readonly blanks: string;
  readonly hasCarriageReturn: boolean;
  readonly isUnterminated: boolean;
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Splits a line of a difference before its hidden end: two lines that differ there alone look the same. */
export const splitHiddenEnd = ({ text, isUnterminated }: Pick<Line, 'text' | 'isUnterminated'>): LineParts => {
  const hasCarriageReturn = text.endsWith('\r');
  const line = hasCarriageReturn ? text.slice(0, -1) : text;
  let end = line.length;
  while (isBlank(line[end - 1])) end -= 1;
  return { visible: line.slice(0, end), blanks: line.slice(end), hasCarriageReturn, isUnterminated: isUnterminated === true };
};
