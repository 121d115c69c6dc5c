import { createLog, readOrExit, runProcess, startTraced } from '@guildhall/http';
import { readConfig } from './config.ts';
import { start } from './wire.ts';

const config = readOrExit(() => readConfig(process.env));
const log = createLog({ service: 'audit', level: config.logLevel });
await runProcess(log, () => startTraced(config.tracing, 'audit', log, () => start(config, log)));
