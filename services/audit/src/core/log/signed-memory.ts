import type { NoteKey } from '@guildhall/tlog';
import type { SignedTree } from './checkpoints.ts';

/** The last tree that this process has seen signed, and by which key: a database that says otherwise was put back or altered. */
export interface SignedMemory {
  last(): (SignedTree & NoteKey) | null;
  remember(signed: SignedTree & NoteKey): void;
  /** Takes note of when the log was last accepted as it was. Returns true, having forgotten the tree, if that is later than was known. */
  noteAcceptance(acceptedAt: string | null): boolean;
  /** Forgets everything: the service was given another database. */
  forget(): void;
}

export const createSignedMemory = (): SignedMemory => {
  let last: (SignedTree & NoteKey) | null = null;
  let accepted: string | null | undefined;
  return {
    last: () => last,
    remember: (signed) => void (last = signed),
    noteAcceptance(acceptedAt) {
      const isKnown = accepted === undefined || (acceptedAt ?? '') <= (accepted ?? '');
      accepted ??= acceptedAt;
      if (isKnown) return false;
      accepted = acceptedAt;
      last = null;
      return true;
    },
    forget: () => {
      last = null;
      accepted = undefined;
    },
  };
};
