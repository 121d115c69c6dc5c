import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RouteContract, ServiceName } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { createProxy, type ProxyParts } from '../../src/clients/proxy/proxy-request.ts';
import type { SignedInUser } from '../../src/core/admission/admit.ts';
import { sendJson } from './stand-in.ts';

interface ProxyDoorParts extends Pick<ProxyParts, 'connections' | 'limits'> {
  readonly contract: RouteContract;
  readonly bodyBytesMax: number;
  readonly serviceOf: (request: IncomingMessage) => ServiceName;
  readonly caller: () => SignedInUser | null;
}

/** An HTTP server on loopback that passes every admitted request to a proxy without lanes. `x-from` is the address of a client. */
export const openProxyDoor = async ({ contract, bodyBytesMax, serviceOf, caller, ...parts }: ProxyDoorParts) => {
  const pass = createProxy({
    ...parts,
    lanes: {},
    onFallback: () => {},
    signer: { signPrincipal: async () => 'signed', signClient: async () => 'signed' },
    eventStreams: { add: () => () => {} },
    onAnswered: () => {},
    onUnavailable: () => {},
    begin: () => () => {},
  });
  const door = createServer((raw, reply) => {
    const clientAddress = String(raw.headers['x-from'] ?? '198.51.100.3');
    const request = { raw, id: 'r', clientAddress, headers: raw.headers, params: {}, query: {} };
    const admitted = { caller: caller(), communityPermissions: [], isStillAdmitted: async () => true };
    const own = { raw: reply, getHeaders: () => ({}) };
    pass(serviceOf(raw), request, own, admitted, { contract, bodyBytesMax }).catch((error: unknown) => {
      if (!reply.destroyed) sendJson(reply, isAppError(error) ? error.status : 500, {});
    });
  });
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    close: async (): Promise<void> => {
      door.closeAllConnections();
      await new Promise((resolve) => void door.close(resolve));
    },
  };
};
