import type { RefusalReason } from './protocol.ts';

/** `broken`: the connection ended with the call in flight. `late`: no answer came in time. Others: what the service said. */
export type FailureReason = RefusalReason | 'broken' | 'late';

/** A call that got no answer. */
export class LaneFailure extends Error {
  override readonly name = 'LaneFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
