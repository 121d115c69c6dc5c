import { createHttpServer, createLog, createMetrics, listen, sessionCookieHeaders } from '@guildhall/http';
import { bodyBytesMaxOf, type ServiceName } from '@guildhall/contracts';
import { createLaneClient, type LaneClient } from '@guildhall/lane';
import {
  clientHeader,
  createInternalSigner,
  createInternalVerifier,
  principalHeader,
  serviceHeader,
  type Principal,
} from '@guildhall/principal';
import { identityOf, waitFor } from '@guildhall/testkit';
import { bufferBody } from '../../services/gateway/src/clients/proxy/buffered-body.ts';
import { createProxy, type ProxiedReply, type ProxiedRequest } from '../../services/gateway/src/clients/proxy/proxy-request.ts';
import { forward } from '../../services/gateway/src/clients/proxy/forwarder.ts';
import type { AdmittedRequest } from '../../services/gateway/src/core/admission/admit.ts';
import type { PublicRoute } from '../../services/gateway/src/route-table.ts';
import { Pool } from 'undici';
import type { RoutedService } from './route-client.ts';

/** A service behind the gateway's own proxy, which sends it what is short by the lane. */
export interface LaneDoor {
  readonly service: RoutedService;
  /** The requests that named their caller, and the calls that went by the lane. */
  requests(): number;
  calls(): number;
}

const admittedAs = (principal: Principal | null): AdmittedRequest => ({
  caller: principal,
  communityPermissions: [],
  isStillAdmitted: async () => true,
});

/** Opens the lane to a service, as the gateway does. */
export const openLane = async (url: string, name: ServiceName, now: () => Date): Promise<LaneClient> => {
  const signer = createInternalSigner({ identity: identityOf('gateway'), now });
  const lane = createLaneClient({
    baseUrl: url,
    credentials: async () => ({ [serviceHeader]: await signer.signService(name) }),
    connectTimeoutMs: 1_000,
    callTimeoutMs: 15_000,
    onUnavailable: () => {},
  });
  const unheardOf = { operation: 'none', requestId: 'r', params: {}, query: {}, body: null, caller: {}, headers: {} };
  await waitFor(() => lane.call(unheardOf) === undefined && lane.usage().connections > 0, { what: 'the lane to open' });
  return lane;
};

/** Puts the gateway's proxy before a started service: it believes the signed callers of the tests, and refuses nobody. */
export const startLaneDoor = async (
  name: ServiceName,
  routes: readonly PublicRoute[],
  service: RoutedService,
): Promise<LaneDoor> => {
  const { now = () => new Date() } = service;
  const lane = await openLane(service.url, name, now);
  let calls = 0;
  let requests = 0;
  const counted: LaneClient = {
    ...lane,
    call: (call) => {
      const pending = lane.call(call);
      if (pending !== undefined) calls += 1;
      return pending;
    },
  };
  const pool = new Pool(service.url);
  const direct = { dispatcherFor: () => pool };
  const verifier = createInternalVerifier({ identity: identityOf(name), now });
  const pass = createProxy({
    lanes: { [name]: counted },
    onFallback: () => {},
    connections: { auth: direct, 'team-resources': direct, audit: direct },
    signer: createInternalSigner({ identity: identityOf('gateway'), now }),
    limits: { inFlightMax: 1_000, inFlightPerCallerMax: 1_000, uploadsMax: 100, uploadsPerUserMax: 100 },
    eventStreams: { add: () => () => {} },
    onAnswered: () => {},
    onUnavailable: () => {},
    begin: () => () => {},
  });
  const log = createLog({ service: 'gateway', level: 'silent' });
  const app = createHttpServer({ log, metrics: createMetrics('gateway'), readiness: () => ({ isReady: true }) });
  const passOn = async (route: PublicRoute, request: ProxiedRequest, reply: ProxiedReply): Promise<void> => {
    const { contract, access } = route;
    const isOpen = access.kind === 'public';
    const token = request.headers[isOpen ? clientHeader : principalHeader];
    const bodyBytesMax = bodyBytesMaxOf(contract);
    if (typeof token !== 'string') {
      const unsigned = { incoming: request.raw, body: await bufferBody(request.raw, bodyBytesMax), bodyBytesMax };
      const answered = { outgoing: reply.raw, requestId: request.id, addedHeaders: {}, ownHeaders: reply.getHeaders() };
      await forward(pool, { ...unsigned, ...answered });
      return;
    }
    requests += 1;
    const ownHeaders = contract.takesSessionCookie === true ? sessionCookieHeaders(request.headers) : {};
    const principal = isOpen ? null : await verifier.verifyPrincipal(token);
    const clientAddress = principal?.ip ?? (await verifier.verifyClient(token)).ip;
    const { raw, id, headers, params, query } = request;
    const asked = { raw, id, headers, params, query, clientAddress };
    await pass(name, asked, reply, admittedAs(principal), { contract, bodyBytesMax, ownHeaders });
  };
  for (const route of routes) {
    app.route({
      method: route.contract.method,
      url: route.contract.path,
      config: { access: { kind: 'public' } },
      onRequest: async (request, reply) => {
        await passOn(route, { ...proxied(request), clientAddress: '' }, reply);
        reply.hijack();
      },
      handler: () => {
        throw new Error('A forwarded route is answered before its handler.');
      },
    });
  }
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  const close = async (): Promise<void> => {
    await app.close();
    await lane.close();
    await pool.close();
    await service.close();
  };
  return { service: { ...service, url, close }, requests: () => requests, calls: () => calls };
};

const proxied = ({ raw, id, headers, params, query }: Omit<ProxiedRequest, 'clientAddress'>) => ({
  raw,
  id,
  headers,
  params,
  query,
});
