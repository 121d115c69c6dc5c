import { exampleParamsOf, type HeldRole, type PublicContract, type ServiceName } from '@guildhall/contracts';
import { clientHeader, createInternalVerifier, principalHeader, serviceHeader, type Principal } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import { problem } from './internal-client.ts';
import type { Attachments } from './attachments.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { seenOf, sendJson, startStandIn, type Seen, type StandIn, type StandInAnswer } from './stand-in.ts';

/** A request that reached a stand-in service through the gateway, and its caller. */
export interface Passed extends Seen {
  readonly service: ServiceName;
  readonly principal: Principal | null;
  /** The signed address of a client without a session. */
  readonly clientIp: string | null;
}

export interface StandInTeam {
  readonly issuer: Issuer;
  readonly services: Record<ServiceName, StandIn>;
  /** Environment that leads a gateway here. */
  readonly env: Record<string, string>;
  /** Public requests that arrived, in order. */
  readonly passed: Passed[];
  /** Refusals that audit was told of. */
  readonly denials: unknown[];
  readonly revoked: string[];
  /** How often auth was asked which sessions were revoked. */
  revokedAsked: number;
  /** The state of the shared database that each service reports. */
  readonly states: Record<ServiceName, string>;
  /** In place of `states` where the gateway tells the services of the database; null: their environment does. */
  attachments: Attachments | null;
  /** The role of each user in the only community. */
  readonly roles: Map<string, HeldRole>;
  /** Answers of internal routes beside those that a gateway needs, by service and path: `auth /internal/process`. */
  readonly internals: Map<string, unknown>;
  /** A request is answered when this has resolved: until then the service is silent. */
  silence: (service: ServiceName, path: string) => Promise<void> | undefined;
  /** Answers a public request in place of the usual echo. */
  instead: StandInAnswer | undefined;
  stop(): Promise<void>;
}

export const communityId = '11111111-1111-4111-8111-111111111111';
export const workspaceId = '22222222-2222-4222-8222-222222222222';

/** The path of a route with its examples, in the only community and workspace. */
export const examplePathOf = (contract: PublicContract): string => {
  const values: Readonly<Record<string, unknown>> = { ...exampleParamsOf(contract), communityId, workspaceId };
  return contract.path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(values[name])));
};

const isKnown = (query: URLSearchParams): boolean =>
  query.get('communityId') === communityId || query.get('workspaceId') === workspaceId;

/** Three real HTTP servers that stand in for the services and hold internal requests to their tokens. */
export const startStandInTeam = async (): Promise<StandInTeam> => {
  const issuer = await createIssuer();
  const passed: Passed[] = [];
  const denials: unknown[] = [];
  const revoked: string[] = [];
  const states: StandInTeam['states'] = { auth: 'ready', 'team-resources': 'ready', audit: 'ready' };
  const roles = new Map<string, HeldRole>();

  const internalAnswer = (service: ServiceName, path: string, query: URLSearchParams, body: string): [number, unknown] => {
    if (service === 'auth' && path === '/internal/revoked-sessions') {
      team.revokedAsked += 1;
      return [200, { sessionIds: revoked, keyIds: issuer.jwks().keys.map(({ kid }) => kid), now: new Date().toISOString() }];
    }
    if (service === 'auth' && path === '/internal/permissions') {
      const sessionId = query.get('sessionId') ?? '';
      return [200, { permissions: revoked.includes(sessionId) ? null : issuer.permissionsOf(sessionId) }];
    }
    if (service === 'team-resources' && path === '/internal/access') {
      if (!isKnown(query)) return [404, problem(404, 'NOT_FOUND')];
      return [200, { communityId, role: roles.get(query.get('userId') ?? '') ?? null }];
    }
    if (service === 'audit' && path === '/internal/events') {
      const { messages } = JSON.parse(body) as { messages: { payload: unknown }[] };
      denials.push(...messages.map(({ payload }) => payload));
      return [200, { stored: messages.length }];
    }
    const answer = team.internals.get(`${service} ${path}`);
    return answer === undefined ? [404, problem(404, 'NOT_FOUND')] : [200, answer];
  };

  const answerOf = (service: ServiceName): StandInAnswer => {
    const verifier = createInternalVerifier({ identity: identityOf(service), now: () => new Date() });
    return async (request, response) => {
      const url = new URL(request.url ?? '', 'http://service');
      await team.silence(service, url.pathname);
      if (url.pathname === '/readyz') {
        const sharedDatabase = team.attachments?.stateOf(service) ?? { status: states[service] };
        return sendJson(response, 200, { isReady: true, sharedDatabase });
      }
      const header = (name: string): string => String(request.headers[name] ?? '');
      if (url.pathname.startsWith('/internal/') && request.headers[serviceHeader] !== undefined) {
        await verifier.verifyService(header(serviceHeader));
        const { body, method } = await seenOf(request);
        const attached = team.attachments?.answer(service, method, url.pathname, body);
        if (attached !== undefined) return sendJson(response, ...attached);
        return sendJson(response, ...internalAnswer(service, url.pathname, url.searchParams, body));
      }
      const isSigned = request.headers[principalHeader] !== undefined;
      const principal = isSigned ? await verifier.verifyPrincipal(header(principalHeader)) : null;
      const isAnonymous = request.headers[clientHeader] !== undefined;
      const clientIp = isAnonymous ? (await verifier.verifyClient(header(clientHeader))).ip : null;
      if (team.instead !== undefined) return team.instead(request, response);
      // The gateway itself fetches keys; what it passes on names a request.
      if (request.headers['x-request-id'] !== undefined)
        passed.push({ ...(await seenOf(request)), service, principal, clientIp });
      if (url.pathname === '/v1/.well-known/jwks.json') return sendJson(response, 200, issuer.jwks());
      if (url.pathname === '/v1/workspaces') {
        return sendJson(response, 200, { items: [], nextCursor: null, shared: { status: 'included' } });
      }
      return sendJson(response, 200, { answeredBy: service });
    };
  };
  const services = {
    auth: await startStandIn(answerOf('auth')),
    'team-resources': await startStandIn(answerOf('team-resources')),
    audit: await startStandIn(answerOf('audit')),
  };
  const team: StandInTeam = {
    issuer,
    services,
    env: {
      AUTH_URL: services.auth.url,
      TEAM_RESOURCES_URL: services['team-resources'].url,
      AUDIT_URL: services.audit.url,
      PUBLIC_URL: issuer.publicUrl,
    },
    passed,
    denials,
    revoked,
    revokedAsked: 0,
    states,
    roles,
    attachments: null,
    internals: new Map(),
    silence: () => undefined,
    instead: undefined,
    stop: async () => void (await Promise.all(Object.values(services).map((service) => service.stop()))),
  };
  return team;
};
