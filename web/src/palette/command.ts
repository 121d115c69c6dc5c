/** Something that the palette leads to or does. */
export interface Command {
  /** Unlike that of every other command. */
  readonly id: string;
  readonly label: string;
  /** Where it lies, beside the label. */
  readonly note?: string;
  readonly run: () => void;
}

/** Commands of one kind, below their name. */
export interface CommandGroup {
  readonly name: string;
  readonly commands: readonly Command[];
}

const shownMax = 8;

/** True where every word of the text is in the label. */
const isMeant = (label: string, text: string): boolean => {
  const lower = label.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
};

const rankOf = (label: string, text: string): number => (label.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1);

/** The commands that a text means, those that begin with it first. */
export const matching = (commands: readonly Command[], text: string): readonly Command[] =>
  commands
    .filter(({ label }) => isMeant(label, text))
    .toSorted((one, other) => rankOf(one.label, text) - rankOf(other.label, text))
    .slice(0, shownMax);
