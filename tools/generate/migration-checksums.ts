import { join } from 'node:path';
import { checksumList } from '@guildhall/migrate';
import type { Generator } from './all.ts';

const root = join(import.meta.dirname, '..', '..');
const services = ['auth', 'team-resources', 'audit', 'gateway'];

/** The committed checksum of every migration. Lines are only ever added: a changed or missing file is an Error. */
export const generator: Generator = {
  name: 'migration checksums',
  files: async () =>
    new Map(
      services.map((service) => {
        const folder = join('services', service, 'migrations');
        return [join(folder, 'checksums.txt'), checksumList(join(root, folder))];
      }),
    ),
};
