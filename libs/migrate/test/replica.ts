import process from 'node:process';
import { migrateUp } from '../src/index.ts';

/**
 * A replica: one of many processes that migrate at once, as DATABASE_URL and FOLDER say. Prints a line for each file that it
 * applied.
 */
const { DATABASE_URL: databaseUrl = '', FOLDER: folder = '' } = process.env;

try {
  await migrateUp({
    databaseUrl,
    schema: 'library',
    folder,
    onProgress: ({ name }) => void process.stdout.write(`${name}\n`),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
