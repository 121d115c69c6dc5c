import { bodyBytesMaxOf, type ServiceName } from '@guildhall/contracts';
import { sessionCookieHeaders } from '@guildhall/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { admit, isStillAdmitted, type AdmissionParts, type AdmittedRequest } from '../core/admission/admit.ts';
import { bodyTooLarge, type ExchangeBounds } from '../core/admission/exchange-bounds.ts';
import { createRefreshLimit } from '../core/admission/refresh-limit.ts';
import type { PublicRoute } from '../route-table.ts';
import { admissionRequestOf } from './admission-request.ts';
import { omitUndefined } from '@guildhall/resources';

export interface ForwardingParts {
  /** Admission for one request: its denials are reported with the request's id. */
  readonly admissionFor: (request: FastifyRequest) => AdmissionParts;
  /** Forwards the request and streams the answer back; resolves with its status. */
  readonly proxyRequest: (
    service: ServiceName,
    request: FastifyRequest,
    reply: FastifyReply,
    admitted: AdmittedRequest,
    bounds: ExchangeBounds,
  ) => Promise<number>;
  /** Ends every open event stream, when the gateway closes. */
  readonly endStreams: () => void;
  /** The queue of requests that came before it was known how the services are. */
  readonly startup: {
    /** The services of which it is not known yet how they are. */
    readonly pending: () => readonly ServiceName[];
    /** Ends every wait, when the gateway closes. */
    readonly close: () => void;
  };
  /** A membership may have changed through this gateway. */
  readonly membershipsChanged: () => void;
}

/** Admits one request and forwards it to `service`. The body is not parsed here. */
export const admitAndForward = async (
  parts: ForwardingParts,
  route: PublicRoute,
  service: ServiceName,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  const admission = parts.admissionFor(request);
  const admissionRequest = admissionRequestOf(request, route, service);
  const result = await admit(admission, admissionRequest);
  const bodyBytesMax = bodyBytesMaxOf(route.contract);
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw bodyTooLarge(bodyBytesMax);
  const admitted = { ...result, isStillAdmitted: () => isStillAdmitted(admission, admissionRequest) };
  const ownHeaders = route.contract.takesSessionCookie === true ? sessionCookieHeaders(request.headers) : {};
  const limit = route.rateLimit === 'refresh' ? createRefreshLimit(admission.spend, admissionRequest.ip, ownHeaders) : undefined;
  const status = await parts.proxyRequest(service, request, reply, admitted, {
    contract: route.contract,
    bodyBytesMax,
    ownHeaders,
    ...omitUndefined({ limit }),
  });
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
