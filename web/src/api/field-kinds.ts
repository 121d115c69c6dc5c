/** A field of a body, as its contract bounds it: numbers by value, texts by characters, lists by items. */
export interface Field {
  /** `line` and `text` are texts of one line and of several, `lines` is a list of texts. */
  readonly kind: 'line' | 'text' | 'lines' | 'number' | 'choice' | 'check' | 'time' | 'id';
  readonly options?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly isRequired?: true;
}

export type Fields = Readonly<Record<string, Field>>;
