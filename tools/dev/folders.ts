import { join, resolve } from 'node:path';

const given = process.env['DATA_FOLDER'] ?? '';

/** The clone. CLONE_FOLDER stands in for it in tests, so that their `make down` stops nothing but their own stacks. */
const root = resolve(process.env['CLONE_FOLDER'] || join(import.meta.dirname, '..', '..'));

/** True if DATA_FOLDER names the data folder of this command. An empty variable counts as unset. */
export const isDataFolderGiven = given !== '';

/** Everything that a running installation of this clone keeps; DATA_FOLDER puts it elsewhere. Ignored by git, kept by `make clean`. */
export const dataFolder = isDataFolderGiven ? resolve(given) : join(root, '.data');

/** The folder for files that last only as long as a command or a test run. Ignored by git, removed by `make clean`. */
export const scratchFolder = join(root, '.tmp');

/** V8's compiled code of what the services load: halves their start. One for all stacks, since filling it makes the first stop slow. */
export const compileCacheFolder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'compile');
