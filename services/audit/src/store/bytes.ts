import { Type } from 'typebox';
import { type Hash, hashBytes } from '@guildhall/tlog';

/** PostgreSQL's bytea, as Node reads it. */
export const Bytes = Type.Unsafe<Uint8Array>(Type.Unknown());

/** Hashes that are kept one behind the other. */
export const hashesOf = (bytes: Uint8Array): readonly Hash[] =>
  Array.from({ length: bytes.length / hashBytes }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes));
