import { randomUUID } from 'node:crypto';
import type { CallerName, ServiceName } from '@guildhall/contracts';
import { clientHeader, createInternalSigner, principalHeader, serviceHeader, type Principal } from '@guildhall/principal';
import { exchange } from '../exchange.ts';
import { identityOf } from '../internal-key.ts';

export interface Answer<T = unknown> {
  readonly status: number;
  /** Null where the answer has none. */
  readonly body: T;
  readonly headers: Headers;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address of the client without a session that the gateway signs; `clientAddress` where not said. */
  readonly ip?: string;
}

/** The address of the user whose request the gateway passes on. */
export const clientAddress = '203.0.113.7';
const requestId = 'request-1';

/** A client that calls one service as the gateway and the other services do. */
export interface ServiceClient {
  /** Sends JSON and reads JSON. */
  ask<T = unknown>(method: string, path: string, options?: AskOptions): Promise<Answer<T>>;
  /** The header by which the gateway says who is calling. */
  asPrincipal(principal?: Partial<Principal>): Promise<Record<string, string>>;
  /** The header by which the gateway passes on a client without a session. */
  asClient(ip?: string): Promise<Record<string, string>>;
  /** The header of a process of the installation. */
  asService(issuer?: CallerName): Promise<Record<string, string>>;
  /** The value of a metric with any labels; NaN if there is none. */
  metric(name: string): Promise<number>;
}

/** The time for which a signed caller is sent again, as the gateway does. */
const reuseMs = 10_000;

/** Signs each caller once within a period of `reuseMs` by the clock. */
const signedOnce = <Caller>(now: () => Date, sign: (caller: Caller) => Promise<string>): typeof sign => {
  let [period, signed] = [NaN, new Map<string, Promise<string>>()];
  return (caller) => {
    // By both clocks: a service forgets a token by its monotonic one, however slowly the clock of a test runs.
    const current = Math.floor(now().getTime() / reuseMs) + Math.floor(performance.now() / reuseMs);
    if (current !== period) [period, signed] = [current, new Map()];
    const key = JSON.stringify(caller);
    const token = signed.get(key) ?? sign(caller);
    signed.set(key, token);
    return token;
  };
};

export const createServiceClient = (service: ServiceName, url: string, now: () => Date = () => new Date()): ServiceClient => {
  const signerOf = (issuer: CallerName) => createInternalSigner({ identity: identityOf(issuer), now });
  const gateway = signerOf('gateway');
  const signClient = signedOnce(now, (ip: string) => gateway.signClient(ip, service));
  const signPrincipal = signedOnce(now, (principal: Principal) => gateway.signPrincipal(principal, service));
  const asClient = async (ip = clientAddress) => ({ [clientHeader]: await signClient(ip) });
  return {
    ask: async <T>(
      method: string,
      path: string,
      { body, headers = {}, ip = clientAddress }: AskOptions = {},
    ): Promise<Answer<T>> => {
      const answer = await exchange(url + path, {
        method,
        headers: {
          'x-request-id': requestId,
          ...(await asClient(ip)),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const { status, text } = answer;
      return { status, body: (text === '' ? null : JSON.parse(text)) as T, headers: answer.headers };
    },
    asPrincipal: async (principal = {}) => ({
      [principalHeader]: await signPrincipal({
        userId: 'ada',
        sessionId: randomUUID(),
        displayName: 'Ada',
        email: 'ada@example.org',
        permissions: [],
        ip: clientAddress,
        ...principal,
      }),
    }),
    asClient,
    asService: async (issuer = 'gateway') => ({ [serviceHeader]: await signerOf(issuer).signService(service) }),
    metric: async (name) => {
      const { text } = await exchange(`${url}/metrics`);
      return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]);
    },
  };
};

/** A whole problem body, as a `ServiceClient` receives it. */
export const problem = (status: number, code: string, title: string, detail: string, errors?: readonly object[]) => ({
  type: 'about:blank',
  title,
  status,
  code,
  detail,
  requestId,
  ...(errors === undefined ? {} : { errors }),
});
