import type { InternalVerifier } from '@guildhall/principal';
import type { FastifyInstance } from 'fastify';
import { isLocalCaller } from '@guildhall/resources';
import { guardMetrics, guardWithInternalTokens, type MetricsGuardParts } from './access.ts';
import { tellProblemCodes } from './problem.ts';
import { isLaneRequest, serveLane } from './serve-lane.ts';
import { createListeningServer, letGoWhenClosing, type HttpServerParts } from './server.ts';

export type ServiceServerParts = Omit<HttpServerParts, 'metricsAccess'> &
  Pick<MetricsGuardParts, 'metricsToken'> & { readonly verifier: InternalVerifier };

/** The server of a service behind the gateway: internal tokens enforce the `InternalAccessRule` of every route. It serves HTTP and the lane. */
export const createServiceServer = ({ verifier, metricsToken, ...parts }: ServiceServerParts): FastifyInstance => {
  const app = createListeningServer({ ...parts, metricsAccess: { kind: 'metrics' }, isUpgrade: isLaneRequest });
  guardMetrics(app, {
    isLocal: ({ socket, headers }) => isLocalCaller({ address: socket.remoteAddress, headers }),
    metricsToken,
  });
  guardWithInternalTokens(app, verifier);
  tellProblemCodes(app);
  serveLane(app, { ...parts, verifier });
  letGoWhenClosing(app);
  return app;
};
