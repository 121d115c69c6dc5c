import { createLog, readOrExit, runProcess, startTraced } from '@guildhall/http';
import { readConfig } from './config.ts';
import { start } from './wire.ts';

const config = readOrExit(() => readConfig(process.env));
const log = createLog({ service: 'gateway', level: config.logLevel });
await runProcess(log, () => startTraced(config.tracing, 'gateway', log, () => start(config, log)));
