import { toBase64 } from './base64.ts';

/** An inclusion proof as C2SP tlog-proof writes it. */
export interface InclusionText {
  /** The bytes that the leaf is the hash of, or whatever else a reader needs to know what is proven. */
  readonly extra: Uint8Array;
  readonly index: number;
  /** The audit path from the leaf upwards (RFC 6962, section 2.1.1), in standard base64. */
  readonly path: readonly string[];
  /** The signed note of the checkpoint. */
  readonly note: string;
}

/** Writes an inclusion proof that can be verified offline (C2SP tlog-proof). */
export const inclusionText = ({ extra, index, path, note }: InclusionText): string =>
  ['c2sp.org/tlog-proof@v1', `extra ${toBase64(extra)}`, `index ${index}`, ...path, '', note].join('\n');
