export { openTables } from './open-tables.ts';
export {
  clientAddress,
  createServiceClient,
  problem,
  type Answer,
  type AskOptions,
  type ServiceClient,
} from './service-client.ts';
export { catchServiceLog, type ServiceLog } from './service-log.ts';
export { startService, type ServiceParts, type ServiceUnderTest } from './start-service.ts';
