import { startEmbeddedServer } from '../../tools/dev/embedded-server.ts';
import { answerCalls } from './child-calls.ts';

/** The embedded PostgreSQL as the child of a process of its own. Arguments: the folder of its data, and the port. */

const [dataFolder = '', port = ''] = process.argv.slice(2);
const server = await startEmbeddedServer({ dataFolder, port: Number(port), isDurable: true, onNote: () => {} });
const calls = { start: async () => server.start(), stop: async () => server.stop(), close: async () => server.close() };
export type DatabaseCalls = typeof calls;

answerCalls(calls, server.url());
