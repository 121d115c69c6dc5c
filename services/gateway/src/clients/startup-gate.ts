import { serviceNames, type ServiceName } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { createSlots, type SlotLimits } from '@guildhall/resources';

/** A request that waits. */
export interface Waiter {
  /** The network of its address: nobody is signed in by then. */
  readonly network: string;
  /** Registers a listener for the end of its connection. Returns a function that unregisters it. */
  readonly onGone: (listener: () => void) => () => void;
  /** The longest wait, for a request that can be answered in part without the service. Default: as long as the gate is closed. */
  readonly atMostMs?: number | undefined;
}

/**
 * Request queueing during the warm-up of a gateway: holds the requests of one that has just started, each until it is known how the
 * service that it needs is. One that is new in a set of several refuses nobody because it does not know yet. Requests that need no
 * service do not come here.
 */
export interface StartupGate {
  /** The services of which it is not known yet how they are; none after the start. */
  pending(): readonly ServiceName[];
  isPending(service: ServiceName): boolean;
  /**
   * Resolves as soon as it is known how the service is, after the longest wait of the start or of the request at the latest: it is then
   * answered by what is known. Rejects with SERVICE_UNAVAILABLE if its client has gone, the gateway closes or too many wait, with
   * RATE_LIMITED if too many of its network do.
   */
  hold(service: ServiceName, waiter: Waiter): Promise<void>;
  /** Notes that it is known how a service is. */
  open(service: ServiceName): void;
  /** Ends every wait: the gateway closes. */
  close(): void;
}

export interface StartupGateParts {
  /** The longest wait, from now on. */
  readonly openAfterMs: number;
  /** Called if that was too short to learn how these services are. */
  readonly onUnknown: (services: readonly ServiceName[]) => void;
  readonly limits?: Pick<SlotLimits, 'slotsMax' | 'slotsPerHolderMax'>;
}

/** Requests that wait at once: their connections and headers are kept, their bodies are not read. The share is that of a network, in which many may sit. */
const limitsDefault = { slotsMax: 2_000, slotsPerHolderMax: 500 };

export const createStartupGate = ({ openAfterMs, onUnknown, limits = limitsDefault }: StartupGateParts): StartupGate => {
  const held = new Map(serviceNames.map((service) => [service, new Set<(error?: AppError) => void>()] as const));
  const slots = createSlots({
    ...limits,
    allTaken: () => 'This gateway has just started, and too many requests wait for the services. Try again shortly.',
    shareTaken: (count) => `${count} requests of your network wait for the services already. Try again shortly.`,
    retryAfterSeconds: 1,
  });
  const open = (service: ServiceName, error?: AppError): void => {
    const waiting = held.get(service) ?? [];
    held.delete(service);
    for (const end of waiting) end(error);
    if (held.size === 0) clearTimeout(timer);
  };
  const openAll = (error?: AppError): void => {
    for (const service of held.keys()) open(service, error);
  };
  const timer = setTimeout(() => {
    onUnknown([...held.keys()]);
    openAll();
  }, openAfterMs).unref();

  return {
    pending: () => [...held.keys()],
    isPending: (service) => held.has(service),
    hold: async (service, waiter) => {
      const waiting = held.get(service);
      if (waiting === undefined) return;
      const release = slots.take({ id: waiter.network });
      try {
        await waitIn(waiting, waiter);
      } finally {
        release();
      }
    },
    open: (service) => open(service),
    close: () => openAll(closing()),
  };
};

/** Waits until the function that is added to `waiting` is called, the client goes, or its time is over. */
const waitIn = async (waiting: Set<(error?: AppError) => void>, { onGone, atMostMs }: Waiter): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = (error?: AppError): void => (error === undefined ? resolve() : reject(error));
  const unregister = onGone(() => end(gone()));
  const timer = atMostMs === undefined ? undefined : setTimeout(end, atMostMs);
  waiting.add(end);
  try {
    await promise;
  } finally {
    waiting.delete(end);
    clearTimeout(timer);
    unregister();
  }
};

const gone = (): AppError => new AppError('SERVICE_UNAVAILABLE', 'The client disconnected while its request waited.');

const closing = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'This gateway stops, and did not reach the service behind this route before.', {
    retryAfterSeconds: 1,
  });
