import type { Socket } from 'node:net';

/**
 * - `pass`: everything is passed on.
 * - `refuse`: nobody listens on the port, and open connections are broken.
 * - `black-hole`: connections are accepted and stay open; nothing passes, and neither side learns that the other has gone.
 *   What is sent meanwhile is lost, so that a connection that sent something stays silent afterwards.
 * - `slow`: each piece of what the server sends comes this much later.
 * - `cut-mid-answer`: half of the next piece that the server sends, then the connection is broken.
 */
export type TcpProxyMode =
  | 'pass'
  | 'refuse'
  | 'black-hole'
  | 'cut-mid-answer'
  | { readonly slow: { readonly delayMs: number; readonly bytesPerSecond?: number } };

export interface Carrier {
  mode(next: TcpProxyMode): void;
  cut(): void;
  /** True while the client is connected. */
  isConnected(): boolean;
  /** The number of dropped chunks. */
  lost(): number;
  onGone(listener: () => void): void;
}

interface DelayedChunk {
  readonly bytes: Buffer;
  readonly timer: NodeJS.Timeout;
}

/** Passes bytes on in order, each piece when it is due. */
const createDelay = (deliver: (bytes: Buffer) => void) => {
  const delayed: DelayedChunk[] = [];
  let lastDueAt = 0;
  const deliverFirst = (): void => {
    const first = delayed.shift();
    if (first === undefined) return;
    clearTimeout(first.timer);
    deliver(first.bytes);
  };
  return {
    hold: (bytes: Buffer, delayMs: number, bytesPerSecond: number): void => {
      const now = performance.now();
      const dueAt = Math.max(lastDueAt, now + delayMs) + (bytes.length / bytesPerSecond) * 1_000;
      lastDueAt = dueAt;
      delayed.push({ bytes, timer: setTimeout(deliverFirst, dueAt - now) });
    },
    release: (): void => {
      lastDueAt = 0;
      while (delayed.length > 0) deliverFirst();
    },
    drop: (): void => {
      for (const { timer } of delayed.splice(0)) clearTimeout(timer);
    },
  };
};

/** Reading stops while the other side cannot take more. */
const writeTo = (to: Socket, bytes: Buffer, from: Socket): void => {
  if (to.destroyed || to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
};

/** Carries one client's connection to the server, which it reaches by `reach`, as the mode says. */
export const carry = (near: Socket, reach: () => Socket, first: TcpProxyMode): Carrier => {
  let current = first;
  let lost = 0;
  const far = first === 'black-hole' ? null : reach();
  const sides = far === null ? [near] : [near, far];
  const gone = new Set<() => void>();
  const delay = createDelay((bytes) => far !== null && writeTo(near, bytes, far));

  const isLost = (): boolean => {
    if (lost > 0 || current === 'black-hole' || far === null) lost += 1;
    return lost > 0;
  };
  const cut = (): void => {
    delay.drop();
    for (const side of sides) side.destroy();
  };
  const answer = (bytes: Buffer): void => {
    if (isLost()) return;
    if (current === 'cut-mid-answer') void near.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), cut);
    else if (typeof current === 'object') delay.hold(bytes, current.slow.delayMs, current.slow.bytesPerSecond ?? Infinity);
    else if (far !== null) writeTo(near, bytes, far);
  };
  /** Closes both sides once one of them is closed, except in a black hole: there this waits until the mode changes. */
  const closeIfEitherClosed = (): void => {
    if (current !== 'black-hole' && sides.some((side) => side.destroyed)) cut();
  };

  near.on('data', (bytes: Buffer) => isLost() || (far !== null && writeTo(far, bytes, near)));
  far?.on('data', answer);
  for (const side of sides) {
    side.setNoDelay(true);
    side.on('error', () => undefined);
    side.on('close', () => {
      closeIfEitherClosed();
      if (sides.every(({ destroyed }) => destroyed)) for (const listener of gone) listener();
    });
  }
  return {
    mode: (next) => {
      current = next;
      if (next === 'refuse') cut();
      else if (next === 'black-hole') delay.drop();
      else if (next === 'pass') delay.release();
      closeIfEitherClosed();
    },
    cut,
    isConnected: () => !near.destroyed,
    lost: () => lost,
    onGone: (listener) => void gone.add(listener),
  };
};
