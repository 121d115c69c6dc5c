import { createRequire } from 'node:module';
import type { Dispatcher, Pool as UndiciPool } from 'undici';

const load = createRequire(import.meta.url);

/** The pool of undici without the rest of it: fetch, caches, mocks and WebSockets are 14 MB of each process (docs/decisions/0078-what-a-process-loads.md). */
export const Pool = load('undici/lib/dispatcher/pool.js') as typeof UndiciPool;

// The index of undici gives its dispatchers this method, and others that nobody here calls.
Object.assign(Pool.prototype, { request: load('undici/lib/api/api-request.js') as Dispatcher['request'] });
