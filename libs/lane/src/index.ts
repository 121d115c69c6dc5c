export { createLaneClient, type LaneClient, type LaneClientParts, type LaneUsage } from './client.ts';
export { LaneFailure, type FailureReason } from './lane-failure.ts';
export type { PendingAnswer } from './pending-calls.ts';
export { lanePath, laneProtocol, type LaneAnswer, type LaneCall } from './protocol.ts';
export { createLaneServer, type LaneServer, type LaneServerParts } from './server.ts';
