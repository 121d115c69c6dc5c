import { createLog, readOrExit, runProcess } from '@guildhall/http';
import { readConfig } from './config.ts';
import { startAuth } from './wire.ts';

const config = readOrExit(() => readConfig(process.env));
await runProcess(createLog({ service: 'auth', level: config.logLevel }), () => startAuth(config));
