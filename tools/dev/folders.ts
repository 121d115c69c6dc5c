import { join } from 'node:path';

/** Everything that a running installation of this clone keeps; DATA_FOLDER puts it elsewhere. Ignored by git, removed by `make clean`. */
export const dataFolder = process.env['DATA_FOLDER'] ?? join(import.meta.dirname, '..', '..', '.data');
