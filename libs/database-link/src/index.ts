export { createDatabaseLink, type DatabaseConfiguration, type DatabaseLink, type DatabaseLinkParts } from './database-link.ts';
export { addDatabaseRoutes } from './routes.ts';
