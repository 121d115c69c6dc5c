export { prepareDatabase, type PreparedDatabase, type Preparing, type ServiceUrls } from './prepare-database.ts';
export { testDatabase, type Testing } from './test-database.ts';
