import { isSame } from './bytes.ts';
import { extendsTree, type TreeHead } from './merkle.ts';

export interface LastSeen {
  /** The largest tree head that this browser saw; null before the first. */
  readonly seen: TreeHead | null;
  readonly keep: (head: TreeHead) => void;
  /** The consistency proof between two sizes of the log; null where the log has no tree of the later one. */
  readonly pathBetween: (from: number, to: number) => Promise<readonly Uint8Array[] | null>;
}

/**
 * Tells whether a signed tree head and the one that this browser saw last are of one log (RFC 9162, section 2.1.4): a browser is a witness of its own. The larger one is kept. A
 * log that has no tree of a size that was signed before was put back to an older state.
 */
export const extendsLastSeen = async (head: TreeHead, { seen, keep, pathBetween }: LastSeen): Promise<boolean> => {
  if (seen === null) {
    keep(head);
    return true;
  }
  if (seen.size === head.size) return isSame(seen.root, head.root);
  const [earlier, later] = seen.size < head.size ? [seen, head] : [head, seen];
  const path = await pathBetween(earlier.size, later.size);
  const holds = path !== null && extendsTree(earlier, later, path);
  if (holds && later === head) keep(head);
  return holds;
};
