import { AppError } from '@guildhall/errors';
import type { RouteContract } from '@guildhall/contracts';
import type { ExchangeLimit } from './refresh-limit.ts';

/** The operation that a forwarded request is for, its bounds, and what it alone is sent. */
export interface ExchangeBounds {
  readonly contract: RouteContract;
  /** The largest body that the operation takes, in bytes. */
  readonly bodyBytesMax: number;
  readonly limit?: ExchangeLimit;
  /** Request headers that this operation gets beside those that every one gets. */
  readonly ownHeaders?: Readonly<Record<string, string>>;
}

/** TOO_LARGE: the body is longer than its operation takes. */
export const bodyTooLarge = (bytesMax: number): AppError =>
  new AppError('TOO_LARGE', `The body is larger than ${bytesMax} bytes, the most that this operation takes.`);
