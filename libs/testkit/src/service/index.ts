export { openTables, untilTablesReady } from './open-tables.ts';
export {
  createServiceClient,
  clientAddress,
  problem,
  type Answer,
  type AskOptions,
  type ServiceClient,
} from './service-client.ts';
export { type ServiceLog } from './service-log.ts';
export { startService, untilReady, type ServiceParts, type ServiceUnderTest } from './start-service.ts';
