import { join } from 'node:path';

/** Everything that a running installation of this clone keeps. Ignored by git, removed by `make clean`. */
export const dataFolder = join(import.meta.dirname, '..', '..', '.data');
