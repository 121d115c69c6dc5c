import { AppError } from '@guildhall/errors';
import type { VersionCondition } from '@guildhall/resources';

/** A version as a strong entity tag (RFC 9110, section 8.8.3). */
export const versionTag = (version: number): string => `"${version}"`;

/** One or more entity tags, each weak or strong (RFC 9110, section 8.8.3). */
const entityTags = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")*\s*$/;
/**
 * The version in one of our entity tags. A proxy that compresses an answer weakens its tag, or appends the coding to it; a version
 * is the same version in every coding.
 */
const versionInTag = /"([1-9][0-9]{0,14})(?:[-;](?:gzip|br|zstd|deflate))?"/;

/** The versions that a list of entity tags names; a tag that is none of ours names none. Null when the header is no such list. */
const readVersions = (header: string): VersionCondition | null => {
  if (header.trim() === '*') return '*';
  if (!entityTags.test(header)) return null;
  return header.split(',').flatMap((tag) => {
    const version = versionInTag.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
};

/**
 * The versions that `If-Match` accepts (RFC 9110, section 13.1.1). Throws VERSION_REQUIRED without one, INVALID when it is not a
 * list of entity tags.
 */
export const readIfMatch = (header: string | undefined): VersionCondition => {
  if (header === undefined) throw new AppError('VERSION_REQUIRED', 'Send If-Match with the ETag of the version you saw.');
  const versions = readVersions(header);
  if (versions === null) throw new AppError('INVALID', 'If-Match must be the ETag of the version you saw, such as "3".');
  return versions;
};

/**
 * True if the client has this version already, by `If-None-Match` (RFC 9110, section 13.1.2). A malformed header counts as
 * absent.
 */
export const isNotModified = (header: string | undefined, version: number): boolean => {
  const versions = header === undefined ? null : readVersions(header);
  return versions === '*' || versions?.includes(version) === true;
};

/** The caller's `Idempotency-Key`, undefined without one. Throws INVALID when it is not 1 to 128 visible ASCII characters. */
export const readIdempotencyKey = (header: string | readonly string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(header)) {
    throw new AppError('INVALID', 'Idempotency-Key must be 1 to 128 visible ASCII characters.');
  }
  return header;
};
