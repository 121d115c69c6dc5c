import { networkOf } from '@guildhall/resources';
import type { FastifyRequest } from 'fastify';
import type { StartupGate, Waiter } from '../clients/startup-gate.ts';
import type { AdmissionParts } from '../core/admission/admit.ts';

type HeldRequest = Pick<FastifyRequest, 'clientAddress' | 'raw'>;

/** Lets a request wait at the gate of the start. After the start it costs a look at a map that is empty. */
export const createUntilKnownFor =
  ({ isPending, hold }: Pick<StartupGate, 'isPending' | 'hold'>) =>
  (request: HeldRequest): AdmissionParts['untilKnown'] =>
  (service, atMostMs) =>
    isPending(service) ? hold(service, waiterOf(request, atMostMs)) : undefined;

const waiterOf = ({ clientAddress, raw: { socket } }: HeldRequest, atMostMs: number | undefined): Waiter => ({
  network: networkOf(clientAddress),
  atMostMs,
  onGone: (listener) => {
    socket.once('close', listener);
    return () => void socket.off('close', listener);
  },
});
