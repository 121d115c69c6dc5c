import { AppError } from '@guildhall/errors';
import type { ExchangeLimit } from './refresh-limit.ts';

/** The bounds of one forwarded request. */
export interface ExchangeBounds {
  /** The largest body that the operation takes, in bytes. */
  readonly bodyBytesMax: number;
  readonly limit?: ExchangeLimit;
}

/** TOO_LARGE: the body is longer than its operation takes. */
export const bodyTooLarge = (bytesMax: number): AppError =>
  new AppError('TOO_LARGE', `The body is larger than ${bytesMax} bytes, the most that this operation takes.`);
