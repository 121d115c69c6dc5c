import { createLog, readOrExit, runProcess, startTraced } from '@guildhall/http';
import { readConfig } from './config.ts';
import { start } from './wire.ts';

const config = readOrExit(() => readConfig(process.env));
const log = createLog({ service: 'auth', level: config.logLevel });
await runProcess(log, () => startTraced(config.tracing, 'auth', log, () => start(config, log)));
