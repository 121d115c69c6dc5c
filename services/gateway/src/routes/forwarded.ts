import { AppError } from '@guildhall/errors';
import type { ServiceName } from '@guildhall/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { admit, isStillAdmitted, type AdmissionParts, type Visitor } from '../core/admission/admit.ts';
import type { PublicRoute } from '../route-table.ts';
import { visitOf } from './admission-request.ts';

export interface ForwardingParts {
  /** Admission for one request: what it refuses is told of with this request's id. */
  readonly admissionFor: (request: FastifyRequest) => AdmissionParts;
  /** Passes the request on and its answer back; resolves with the status once the answer is written. */
  readonly pass: (service: ServiceName, request: FastifyRequest, reply: FastifyReply, visitor: Visitor) => Promise<number>;
  /** Ends the streams of events that are under way, when the gateway closes. */
  readonly endStreams: () => void;
  /** A membership may have changed through this gateway. */
  readonly membershipsChanged: () => void;
}

/** The largest body of any route, in bytes. The service that takes it holds each route to its own limit. */
const bodyBytesMax = 4 * 1024 * 1024;

/** Admits one request and has `service` answer it. The body is never read here: it streams through. */
export const admitAndForward = async (
  parts: ForwardingParts,
  route: PublicRoute,
  service: ServiceName,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  const admission = parts.admissionFor(request);
  const visit = visitOf(request, route, service);
  const admitted = await admit(admission, visit);
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) {
    throw new AppError('TOO_LARGE', `The body is larger than ${bodyBytesMax} bytes.`);
  }
  const visitor = { ...admitted, isStillAdmitted: () => isStillAdmitted(admission, visit) };
  const status = await parts.pass(service, request, reply, visitor);
  reply.hijack();
  if (status < 300 && route.contract.changesMemberships === true) parts.membershipsChanged();
};

/** Registers a route that a service always answers. */
export const addForwardedRoute = (
  app: FastifyInstance,
  parts: ForwardingParts,
  route: PublicRoute,
  service: ServiceName,
): void => {
  app.route({
    method: route.contract.method,
    url: route.contract.path,
    config: { access: route.access },
    onRequest: (request, reply) => admitAndForward(parts, route, service, request, reply),
    handler: () => {
      throw new Error('A forwarded route is answered before its handler.');
    },
  });
};
