import { AppError } from '@guildhall/errors';

/** A version as a strong entity tag (RFC 9110, section 8.8.3). */
export const versionTag = (version: number): string => `"${version}"`;

/** The version in `If-Match`. Throws VERSION_REQUIRED without one, INVALID when it is not one of ours. */
export const readIfMatch = (header: string | undefined): number => {
  if (header === undefined) throw new AppError('VERSION_REQUIRED', 'Send If-Match with the ETag of the version you saw.');
  const version = /^"([1-9][0-9]{0,14})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new AppError('INVALID', 'If-Match must be the ETag of one version, such as "3".');
  return Number(version);
};

/** The caller's `Idempotency-Key`, undefined without one. Throws INVALID when it is not 1 to 128 visible ASCII characters. */
export const readIdempotencyKey = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(header)) {
    throw new AppError('INVALID', 'Idempotency-Key must be 1 to 128 visible ASCII characters.');
  }
  return header;
};
