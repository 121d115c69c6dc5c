import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '@guildhall/errors';
import { workspaceRoutes, type AuditPayload, type ServiceName } from '@guildhall/contracts';
import {
  answerOf,
  bindCursor,
  connectToService,
  createInternalClient,
  type InternalClient,
  type InternalClientParts,
  type Logger,
  type Metrics,
} from '@guildhall/http';
import { createInternalSigner, type ServiceIdentity } from '@guildhall/principal';
import { omitUndefined } from '@guildhall/resources';
import type { ListQuery } from '@guildhall/workspaces';
import { steadyMs } from '@guildhall/repeat';
import type { AdmissionParts, Admitted, AdmittedRequest } from '../core/admission/admit.ts';
import type { ExchangeBounds } from '../core/admission/exchange-bounds.ts';
import type { Availability } from '../core/availability/availability.ts';
import type { SystemParts } from '../core/system/read-system.ts';
import type { WorkspacePage } from '../core/merge-pages.ts';
import { createAuditDenials } from '../clients/audit-denials.ts';
import { createStartupGate, type StartupGate } from '../clients/startup-gate.ts';
import { createEventStreams } from '../clients/proxy/event-streams.ts';
import { createAvailabilityMonitor } from '../clients/availability-monitor.ts';
import { createMemberships } from '../clients/identity/memberships.ts';
import { createProxy, principalOf, type ProxiedReply, type ProxiedRequest } from '../clients/proxy/proxy-request.ts';
import { createCallerSigner, type CallerSigner } from '../clients/proxy/caller-signer.ts';
import { createConfirmCaller } from '../clients/identity/current-permissions.ts';
import { createRevokedSessions } from '../clients/identity/revoked-sessions.ts';
import { createTokenVerifier } from '../clients/identity/token-verifier.ts';
import { createVerifyToken, type VerifyTokenParts } from '../clients/identity/verify-token.ts';
import { createSharedWorkspaceOf, type CreateSharedWorkspace } from '../clients/shared-workspace.ts';
import { onDatabaseChange } from './on-database-change.ts';
import { openWhenKnown, tellUnknown } from './open-when-known.ts';
import { connectTimeoutMs, laneStateIn, lanesTo, measureLanes, type Lanes } from './lanes.ts';
import { createDataClientsOf, type CreateDataClients } from '../clients/data-clients.ts';
import { createSystemClients } from '../clients/system-clients.ts';
import { createExporterOf, type CreateExporter } from '../clients/workspace-exporter.ts';
import { createImporterOf, type CreateImporter } from '../clients/workspace-importer.ts';

/** The services behind the gateway: the proxy, and the clients that admission uses. */
export interface Backends extends Omit<AdmissionParts, 'spend' | 'reportDenial' | 'untilKnown'> {
  readonly reportDenial: (denial: AuditPayload) => void;
  readonly proxyRequest: (
    service: ServiceName,
    request: ProxiedRequest,
    reply: ProxiedReply,
    admitted: AdmittedRequest,
    bounds: ExchangeBounds,
  ) => Promise<number>;
  readonly listShared: (request: ProxiedRequest, admitted: Admitted, query: ListQuery) => Promise<WorkspacePage>;
  readonly importerOf: CreateImporter;
  readonly exporterOf: CreateExporter;
  readonly sharedWorkspaceOf: CreateSharedWorkspace;
  readonly membershipsChanged: () => void;
  /** Null: there are no services. */
  readonly dataClientsOf: CreateDataClients | null;
  /** How the services are, for operators. */
  readonly system: Pick<SystemParts, 'clients' | 'lastCheckOf' | 'laneOf'>;
  /** Holds requests until it is known how the services are that they need, for auth also which sessions have ended. */
  readonly startup: Omit<StartupGate, 'open'>;
  /** Ends every open event stream. */
  readonly endStreams: () => void;
  /** Polls a service at once. */
  readonly refresh: (service: ServiceName) => void;
  /** Calls whenever the status of a service has changed. */
  readonly onChange: (listener: () => void) => void;
  close(): Promise<void>;
}

export interface BackendsParts extends Pick<VerifyTokenParts, 'outsideIssuers'> {
  readonly services: Readonly<Record<ServiceName, string>>;
  readonly identity: ServiceIdentity;
  /** The issuer in access tokens. */
  readonly issuer: string;
  /** False: everything goes to the services by HTTP. */
  readonly usesLane: boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly firstAnswerTimeoutMs: number | undefined;
}

/** The connections to one service that are kept, and those for one request each. Further requests wait for a free one. */
const connectionsMax = 64;
/** The concurrency limit per service, waiting requests included: beyond it requests are refused at once. */
const inFlightMax = 2_000;
/** The limit for streamed uploads, which occupy their connections for long. */
const uploadsMax = 16;
/** Shares of one caller: fewer than a service lets wait for its database. */
const proxyLimits = { inFlightMax, inFlightPerCallerMax: 100, uploadsMax, uploadsPerUserMax: 2 };
/** Shorter than a service keeps an idle connection, so that no request meets one that is being closed. */
const idleConnectionMs = 10_000;
const internalCallTimeoutMs = 2_000;
/** The time for which requests wait for the first answers of the services, from the start. */
const knownWithinMs = 15_000;
/** A batch of rows of a workspace is one transaction, and has room for the longest document, every character of it escaped. */
const rowsTimeoutMs = 60_000;
const rowsAnswerBytesMax = 32 * 1024 * 1024;

const ListAnswer = answerOf(workspaceRoutes.listWorkspaces.responses[200]);

type ClientBounds = Pick<InternalClientParts, 'timeoutMs' | 'answerBytesMax'>;

/** Connection pools for forwarded requests, and clients for the gateway's own calls. */
const connectionsTo = (services: BackendsParts['services'], identity: ServiceIdentity) => {
  const signer = createInternalSigner({ identity, now });
  const connectionsOf = (service: ServiceName) =>
    connectToService({ baseUrl: services[service], connections: connectionsMax, connectTimeoutMs, idleMs: idleConnectionMs });
  const clientOf = (service: ServiceName, bounds: ClientBounds = { timeoutMs: internalCallTimeoutMs }) =>
    createInternalClient({ baseUrl: services[service], service, signer, ...bounds });

  const proxied = {
    auth: connectionsOf('auth'),
    'team-resources': connectionsOf('team-resources'),
    audit: connectionsOf('audit'),
  };
  const clients = { auth: clientOf('auth'), 'team-resources': clientOf('team-resources'), audit: clientOf('audit') };
  const rows = clientOf('team-resources', { timeoutMs: rowsTimeoutMs, answerBytesMax: rowsAnswerBytesMax });
  return { signer, proxied, clients, rows };
};

const monotonicMs = (): number => performance.now();

export const connectBackends = (parts: BackendsParts): Backends => {
  const { services, identity, issuer, outsideIssuers, usesLane, metrics, log, firstAnswerTimeoutMs } = parts;
  const connections = connectionsTo(services, identity);
  const { signer, proxied, clients } = connections;
  const callerSigner = createCallerSigner(signer);
  const lanes: Lanes = usesLane ? lanesTo(services, signer, log) : {};
  const monitor = createAvailabilityMonitor({ services, log, monotonicMs, now, firstAnswerTimeoutMs });
  const teamResources = withCircuitBreaker(clients['team-resources'], () => monitor.begin('team-resources'));
  const rows = withCircuitBreaker(connections.rows, () => monitor.begin('team-resources'));
  const memberships = createMemberships(teamResources);
  const tokens = createTokenVerifier({
    jwksUrl: `${services.auth}/v1/.well-known/jwks.json`,
    issuer,
    revocationOf: (token) => revoked.revocationOf(token),
  });
  const verifyToken = createVerifyToken({ own: tokens, outsideIssuers, auth: clients.auth, monotonicMs, log });
  const eventStreams = createEventStreams(log);
  const [onNewKeys, onRevoked] = [tokens.reloadKeys, eventStreams.recheck];
  const revoked = createRevokedSessions({ auth: clients.auth, onNewKeys, onRevoked, log, nowMs: steadyMs });
  onDatabaseChange(monitor, 'auth', revoked.reload);
  const startup = openWhenKnown(createStartupGate({ openAfterMs: knownWithinMs, onUnknown: tellUnknown(log) }), monitor, revoked);
  const denials = createAuditDenials({ audit: clients.audit, newId: randomUUID, now, monotonicMs, log });

  return {
    availabilityOf: (service) => untilSessionsAreKnown(monitor.statusOf(service), service !== 'auth' || revoked.isKnown()),
    verifyToken,
    confirmCaller: createConfirmCaller(clients.auth),
    currentAccessInCommunity: memberships.currentInCommunity,
    accessInCommunity: memberships.inCommunity,
    accessToWorkspace: memberships.ofWorkspace,
    reportDenial: denials.report,
    membershipsChanged: memberships.forget,
    refresh: monitor.refresh,
    dataClientsOf: createDataClientsOf(clients, callerSigner),
    system: { clients: createSystemClients(clients), lastCheckOf: monitor.lastCheckOf, laneOf: laneStateIn(lanes) },
    startup,
    endStreams: eventStreams.endAll,
    onChange: monitor.onChange,
    proxyRequest: createProxy({
      limits: proxyLimits,
      connections: proxied,
      lanes,
      onFallback: measureLanes(metrics, lanes),
      signer: callerSigner,
      eventStreams,
      onUnavailable: monitor.refresh,
      onAnswered: monitor.heard,
      begin: monitor.begin,
    }),
    importerOf: createImporterOf(rows, callerSigner),
    exporterOf: createExporterOf(rows, callerSigner),
    sharedWorkspaceOf: createSharedWorkspaceOf(rows, callerSigner),
    listShared: createListShared(teamResources, callerSigner),
    async close() {
      await Promise.all([monitor.close(), revoked.close(), denials.close(), eventStreams.close()]);
      const open = [proxied, lanes, clients].flatMap((each) => Object.values(each));
      await Promise.all([...open, connections.rows].map((connection) => connection.close()));
    },
  };
};

/** Lists the caller's shared workspaces. */
const createListShared =
  (teamResources: InternalClient, signer: CallerSigner): Backends['listShared'] =>
  async (request, admitted, query) => {
    const principal = principalOf(request, admitted);
    if (principal === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
    return teamResources.call({
      method: 'GET',
      path: `/v1/workspaces?${new URLSearchParams(sharedPage(query)).toString()}`,
      requestId: request.id,
      principal: await signer.signPrincipal(principal, 'team-resources'),
      answer: ListAnswer,
    });
  };

/** A client that reports the code of each 503 to the circuit breaker, by the function that `begin` returned for the call. */
const withCircuitBreaker = (client: InternalClient, begin: () => (code: string) => void): InternalClient => ({
  ...client,
  call: (call) => {
    const onRefused = begin();
    return client.call(call).catch((error: unknown) => {
      if (isAppError(error) && error.status === 503) onRefused(error.code);
      throw error;
    });
  },
});

/** auth counts as connecting until its list of revoked sessions is known: no token is accepted before that. */
const untilSessionsAreKnown = (availability: Availability, isKnown: boolean): Availability =>
  availability.status === 'ready' && !isKnown ? { ...availability, status: 'connecting' } : availability;

const now = (): Date => new Date();

/** The query for the page of the shared list after the position that the gateway's own list has come to. */
const sharedPage = ({ limit, cursor, state }: ListQuery): Record<string, string> => {
  const list = { params: {}, query: { mode: 'shared', ...omitUndefined({ state }) } };
  return {
    ...list.query,
    ...omitUndefined({ limit: limit?.toString() }),
    ...(cursor === undefined ? {} : { cursor: bindCursor(workspaceRoutes.listWorkspaces, list, cursor) }),
  };
};
