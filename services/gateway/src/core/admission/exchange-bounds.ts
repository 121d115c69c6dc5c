import { AppError } from '@guildhall/errors';
import type { ExchangeLimit } from './refresh-limit.ts';

/** The bounds of one forwarded request, and what its operation alone is sent. */
export interface ExchangeBounds {
  /** The largest body that the operation takes, in bytes. */
  readonly bodyBytesMax: number;
  readonly limit?: ExchangeLimit;
  /** Request headers that this operation gets beside those that every one gets. */
  readonly ownHeaders?: Readonly<Record<string, string>>;
}

/** TOO_LARGE: the body is longer than its operation takes. */
export const bodyTooLarge = (bytesMax: number): AppError =>
  new AppError('TOO_LARGE', `The body is larger than ${bytesMax} bytes, the most that this operation takes.`);
