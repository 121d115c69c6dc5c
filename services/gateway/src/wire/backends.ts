import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '@guildhall/errors';
import { workspaceRoutes, type AuditPayload, type ServiceName } from '@guildhall/contracts';
import { answerOf, createInternalClient, type InternalClient, type Logger } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { Pool } from 'undici';
import type { AdmissionParts, Admitted, Visitor } from '../core/admission/admit.ts';
import type { Availability } from '../core/availability/availability.ts';
import type { Page } from '../core/merge-pages.ts';
import { createDenialReports } from '../clients/audit-denials.ts';
import { createEndlessStreams } from '../clients/proxy/event-streams.ts';
import { createAvailabilityMonitor, type AvailabilityMonitor } from '../clients/availability-monitor.ts';
import { createMemberships } from '../clients/identity/memberships.ts';
import { createPass, principalOf, type PassedReply, type PassedRequest } from '../clients/proxy/proxy-request.ts';
import { createPrincipalSigning, type SignPrincipal } from '../clients/proxy/principal-signer.ts';
import { createConfirmCaller } from '../clients/identity/current-permissions.ts';
import { createRevokedSessions } from '../clients/identity/revoked-sessions.ts';
import { createTokenVerifier } from '../clients/identity/token-verifier.ts';

/** The services behind the gateway, as the gateway uses them. */
export interface Team extends Omit<AdmissionParts, 'spend' | 'reportDenial'> {
  readonly reportDenial: (denial: AuditPayload) => void;
  readonly pass: (service: ServiceName, request: PassedRequest, reply: PassedReply, visitor: Visitor) => Promise<number>;
  readonly listShared: (request: PassedRequest, admitted: Admitted, query: { limit?: number; cursor?: string }) => Promise<Page>;
  readonly membershipsChanged: () => void;
  /** Ends the streams of events that are under way: they have no end of their own. */
  readonly endStreams: () => void;
  /** Looks at a service at once. */
  readonly nudge: (service: ServiceName) => void;
  /** Calls whenever what a service says of itself became another. */
  readonly onChange: (listener: () => void) => void;
  close(): Promise<void>;
}

export interface TeamParts {
  readonly services: Readonly<Record<ServiceName, string>>;
  readonly internalKey: Uint8Array;
  /** What access tokens name as their issuer. */
  readonly issuer: string;
  readonly log: Logger;
}

/** Connections to one service that requests may use at once; further ones wait for a free one. */
const connectionsMax = 64;
/** Those that wait included. What a service cannot do within a few seconds is better refused than promised. */
const inFlightMax = 2_000;
/** Slow ones hold their connections: enough of these are left for everyone else. */
const uploadsMax = 16;
const passLimits = { inFlightMax, uploadsMax };
const connectTimeoutMs = 1_000;
/** Shorter than a service keeps an idle connection, so that no request meets one that is being closed. */
const idleConnectionMs = 10_000;
const internalCallTimeoutMs = 2_000;

const ListAnswer = answerOf(workspaceRoutes.listWorkspaces.responses[200]);

/** Connections for requests that are passed on, and clients for what the gateway asks itself. */
const connectionsTo = (services: TeamParts['services'], internalKey: Uint8Array) => {
  const signer = createInternalSigner({ key: internalKey, issuer: 'gateway', now });
  const poolTo = (service: ServiceName): Pool =>
    new Pool(services[service], {
      connections: connectionsMax,
      connect: { timeout: connectTimeoutMs },
      keepAliveTimeout: idleConnectionMs,
    });
  const clientOf = (service: ServiceName) =>
    createInternalClient({ baseUrl: services[service], service, signer, timeoutMs: internalCallTimeoutMs });

  const dispatchers = { auth: poolTo('auth'), 'team-resources': poolTo('team-resources'), audit: poolTo('audit') };
  const clients = { auth: clientOf('auth'), 'team-resources': clientOf('team-resources'), audit: clientOf('audit') };
  return { signer, dispatchers, clients };
};

const monotonicMs = (): number => performance.now();

export const connectTeam = ({ services, internalKey, issuer, log }: TeamParts): Team => {
  const { signer, dispatchers, clients } = connectionsTo(services, internalKey);
  const signPrincipal = createPrincipalSigning(signer);
  const monitor = createAvailabilityMonitor({ services, log, monotonicMs });
  const teamResources = reporting(clients['team-resources'], () => monitor.begin('team-resources'));
  const memberships = createMemberships(teamResources);
  const tokens = createTokenVerifier({
    jwksUrl: `${services.auth}/v1/.well-known/jwks.json`,
    issuer,
    isRevoked: (sessionId, keyId) => revoked.isRevoked(sessionId, keyId),
  });
  const revoked = createRevokedSessions({ auth: clients.auth, onNewKeys: tokens.reloadKeys, log, nowMs: Date.now });
  whenPlaceChanges(monitor, 'auth', revoked.lookAnew);
  const endless = createEndlessStreams(log);
  const denials = createDenialReports({ audit: clients.audit, newId: randomUUID, now, monotonicMs, log });

  return {
    availabilityOf: (service) => unlessUnknown(monitor.of(service), service !== 'auth' || revoked.isKnown()),
    verifyToken: tokens.verify,
    confirmCaller: createConfirmCaller(clients.auth),
    currentAccessInCommunity: memberships.currentInCommunity,
    accessInCommunity: memberships.inCommunity,
    accessToWorkspace: memberships.ofWorkspace,
    reportDenial: denials.report,
    membershipsChanged: memberships.forget,
    nudge: monitor.nudge,
    endStreams: endless.endAll,
    onChange: monitor.onChange,
    pass: createPass({
      ...passLimits,
      dispatchers,
      signPrincipal,
      endless,
      onUnavailable: monitor.nudge,
      begin: monitor.begin,
    }),
    listShared: createListShared(teamResources, signPrincipal),
    async close() {
      await Promise.all([monitor.close(), revoked.close(), denials.close(), endless.close()]);
      await Promise.all([...Object.values(dispatchers), ...Object.values(clients)].map((connection) => connection.close()));
    },
  };
};

/** The shared part of a list of workspaces, asked as who is calling. */
const createListShared =
  (teamResources: InternalClient, signPrincipal: SignPrincipal): Team['listShared'] =>
  async (request, admitted, query) => {
    const principal = principalOf(request, admitted);
    if (principal === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
    return teamResources.call({
      method: 'GET',
      path: `/v1/workspaces?${new URLSearchParams({ mode: 'shared', ...texts(query) }).toString()}`,
      requestId: request.id,
      principal: await signPrincipal(principal, 'team-resources'),
      answer: ListAnswer,
    });
  };

/** A client that reports each refusal by its code to what `begin` returned when the call began. */
const reporting = (client: InternalClient, begin: () => (code: string) => void): InternalClient => ({
  ...client,
  call: (call) => {
    const onRefused = begin();
    return client.call(call).catch((error: unknown) => {
      if (isAppError(error) && error.status === 503) onRefused(error.code);
      throw error;
    });
  },
});

const placeOf = ({ status, configurationId }: Availability): string => `${status} ${configurationId ?? ''}`;

/** Calls when a service's database came or went, or is another one. */
const whenPlaceChanges = (monitor: AvailabilityMonitor, service: ServiceName, listener: () => void): void => {
  let last = placeOf(monitor.of(service));
  monitor.onChange(() => {
    const place = placeOf(monitor.of(service));
    if (place === last) return;
    last = place;
    listener();
  });
};

/** auth is of use only once it has said which sessions ended: until then nobody's token is taken. */
const unlessUnknown = (availability: Availability, isKnown: boolean): Availability =>
  availability.status === 'ready' && !isKnown ? { ...availability, status: 'connecting' } : availability;

const now = (): Date => new Date();

/** What a gateway without services answers: nothing of the team is configured. */
export const noTeam = (): Team => {
  const notConfigured: Availability = { status: 'not_configured' };
  return {
    availabilityOf: () => notConfigured,
    verifyToken: nobody,
    confirmCaller: nobody,
    currentAccessInCommunity: nobody,
    accessInCommunity: nobody,
    accessToWorkspace: nobody,
    reportDenial: nobody,
    membershipsChanged: () => {},
    nudge: () => {},
    endStreams: () => {},
    onChange: () => {},
    pass: nobody,
    listShared: nobody,
    close: async () => {},
  };
};

const nobody = (): never => {
  throw new AppError('NOT_CONFIGURED', 'This installation works solo: no shared database is set up.');
};

const texts = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query)
      .filter(([name, value]) => (name === 'limit' || name === 'cursor') && value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
