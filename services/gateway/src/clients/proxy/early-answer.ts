import type { IncomingMessage, ServerResponse } from 'node:http';
import { awaitRest, isWholeRequest, lingerFor } from '@guildhall/http';
import type { Dispatcher } from 'undici';

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** A longer answer is a stream that may need the rest of the request: it is not held back. */
const heldBytesMax = 65_536;

/**
 * Holds an answer back that a service gives before its request's body has come, for as long as the body comes. Where the body
 * pauses, the answer says `Connection: close`, and the connection closes after it (RFC 9112, section 9.6): the client cannot
 * use it before the rest has come, and a reset while it sends could lose it the answer.
 */
export const holdEarlyAnswer = (
  handler: Dispatcher.DispatchHandler,
  { incoming, outgoing }: Exchange,
): Dispatcher.DispatchHandler => {
  let held: (() => void)[] | undefined;
  let heldBytes = 0;
  const inTurn = (step: () => void): void => {
    if (held === undefined) step();
    else held.push(step);
  };
  const release = (isKeptAlive: boolean): void => {
    if (held === undefined) return;
    const steps = held;
    held = undefined;
    if (!isKeptAlive && !outgoing.headersSent) outgoing.setHeader('connection', 'close');
    for (const step of steps) step();
  };
  const endAfterBody = async (end: () => void): Promise<void> => {
    await lingerFor(incoming);
    end();
    if (!isWholeRequest(incoming)) incoming.socket.destroySoon();
  };
  return {
    ...handler,
    onResponseStart(controller, status, headers) {
      const start = (): void => handler.onResponseStart?.(controller, status, headers);
      if (status < 200 || isWholeRequest(incoming)) return start();
      held = [start];
      return void awaitRest(incoming).then(release);
    },
    onResponseData(controller, chunk) {
      inTurn(() => handler.onResponseData?.(controller, chunk));
      heldBytes += chunk.length;
      if (heldBytes > heldBytesMax) release(true);
    },
    onResponseEnd(controller, trailers) {
      const end = (): void => handler.onResponseEnd?.(controller, trailers);
      inTurn(() => (isWholeRequest(incoming) ? end() : void endAfterBody(end)));
    },
    onResponseError(controller, error) {
      inTurn(() => handler.onResponseError?.(controller, error));
    },
  };
};
