import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyBytesMaxOf, scriptRoutes, type RouteContract } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { createMetrics } from '@guildhall/http';
import { createLaneClient, type LaneClientParts } from '@guildhall/lane';
import { waitFor } from '@guildhall/testkit';
import { Pool } from 'undici';
import { onTestFinished } from 'vitest';
import { createProxy } from '../../src/clients/proxy/proxy-request.ts';
import type { ExchangeLimit } from '../../src/core/admission/refresh-limit.ts';
import { measureLanes } from '../../src/wire/lanes.ts';
import { sendJson } from './stand-in.ts';

const { getScript, createScript } = scriptRoutes;
const contracts: Readonly<Record<string, RouteContract>> = { '/get': getScript, '/create': createScript };
/** The operations of a door. */
export const operations = (): readonly string[] => [getScript.name, createScript.name];
/** The user that comes through every door. */
export const caller = { userId: 'ada', sessionId: 's', displayName: 'Ada', email: 'ada@example.org', permissions: ['p'] };

export interface Door {
  readonly url: string;
  /** The codes of the 503s that the circuit breaker was told of. */
  readonly refusals: string[];
  /** How often the service was said to be unavailable. */
  unavailable(): number;
  /** The value of a metric of the lane. */
  metric(name: string): Promise<number | undefined>;
  /** Resolves when the lane is open. */
  untilOpen(): Promise<void>;
}

interface DoorParts extends Partial<LaneClientParts> {
  readonly limit?: ExchangeLimit;
}

/** The gateway's proxy before one service. The path picks the contract. */
export const openDoor = async (service: { readonly url: string }, { limit, ...parts }: DoorParts = {}): Promise<Door> => {
  const pool = new Pool(service.url, { connect: { timeout: 500 } });
  const lane = createLaneClient({
    baseUrl: service.url,
    credentials: async () => ({}),
    connectTimeoutMs: 2_000,
    callTimeoutMs: 10_000,
    onUnavailable: () => {},
    connectionsMax: 1,
    retryAfterMs: 10,
    ...parts,
  });
  const metrics = createMetrics('gateway');
  const refusals: string[] = [];
  let unavailable = 0;
  const pass = createProxy({
    lanes: { 'team-resources': lane },
    onFallback: measureLanes(metrics, { 'team-resources': lane }),
    connections: {
      auth: { dispatcherFor: () => pool },
      'team-resources': { dispatcherFor: () => pool },
      audit: { dispatcherFor: () => pool },
    },
    signer: { signPrincipal: async () => 'signed', signClient: async () => 'signed' },
    limits: { inFlightMax: 50, inFlightPerCallerMax: 50, uploadsMax: 5, uploadsPerUserMax: 5 },
    eventStreams: { add: () => () => {} },
    onAnswered: () => {},
    onUnavailable: () => (unavailable += 1),
    begin: () => (code) => void refusals.push(code),
  });
  const door = createServer((raw, reply) => {
    const contract = contracts[(raw.url ?? '').split('?')[0] ?? ''] ?? getScript;
    const { headers } = raw;
    const asked = { raw, id: 'r-1', clientAddress: '203.0.113.7', headers, params: { scriptId: 'a' }, query: { version: '3' } };
    const own = { raw: reply, getHeaders: () => ({ 'x-frame-options': 'DENY', 'x-absent': undefined }) };
    const admitted = { caller, communityPermissions: ['q@c'], isStillAdmitted: async () => true };
    const bounds = { contract, bodyBytesMax: bodyBytesMaxOf(contract), ...(limit === undefined ? {} : { limit }) };
    pass('team-resources', asked, own, admitted, bounds).catch((error: unknown) => {
      if (!reply.destroyed)
        sendJson(reply, isAppError(error) ? error.status : 500, { code: isAppError(error) ? error.code : String(error) });
    });
  });
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    door.closeAllConnections();
    door.close();
    await lane.close();
    await pool.destroy();
  });
  const unheardOf = { operation: 'none', requestId: '', params: {}, query: {}, body: null, caller: {}, headers: {} };
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    refusals,
    unavailable: () => unavailable,
    metric: async (name) => (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value,
    untilOpen: async () => {
      await waitFor(() => lane.call(unheardOf) === undefined && lane.usage().connections > 0, { what: 'the lane to open' });
    },
  };
};
