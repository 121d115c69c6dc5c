import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createFileAtomically } from '@guildhall/files';
import type { Command } from './command-input.ts';
import { migrationNames } from './migration-files.ts';
import { identifier } from './names.ts';
import { chooseOne, hasMigrations } from './services.ts';
import { UsageError } from './usage-error.ts';

const firstLine = '-- One change of the schema, every statement repeatable; data changes in a file of their own.\n';

const wordsFrom = (name: string | undefined): string => {
  if (name === undefined) throw new UsageError('new wants --name, in words like add_description_to_scripts.');
  try {
    return identifier(name);
  } catch {
    throw new UsageError(`${JSON.stringify(name)} is not a plain SQL name.`);
  }
};

/** Writes the next pair of files. `make generate` adds their checksums once they have content. */
export const writeNew: Command = async (input) => {
  const service = chooseOne(input.service, 'new');
  const words = wordsFrom(input.name);
  const next = hasMigrations(service) ? migrationNames(service.folder).length + 1 : 1;
  const stem = path.join(service.folder, `${String(next).padStart(4, '0')}_${words}`);
  mkdirSync(service.folder, { recursive: true });
  for (const direction of ['up', 'down']) {
    const file = `${stem}.${direction}.sql`;
    if (!createFileAtomically(file, firstLine, { mode: 0o644, isDurable: false })) throw new Error(`${file} is there already.`);
    input.print(path.relative('.', file));
  }
  input.print('Write both, then make generate adds their checksums; from then on they do not change.');
};
