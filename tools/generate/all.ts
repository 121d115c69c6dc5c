import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@guildhall/files';

/**
 * Writes every generated file that is committed, or those of one module of this folder (`--only=migration-checksums`). With `--check` it writes
 * nothing and exits 1, naming what is out of date.
 * Each module beside this one exports a `generator`.
 */
export interface Generator {
  readonly name: string;
  /** Texts by path from the root of the repository. */
  files(): Promise<ReadonlyMap<string, string>>;
}

const root = join(import.meta.dirname, '..', '..');
const isCheck = process.argv.includes('--check');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const modules = readdirSync(import.meta.dirname).filter(
  (name) =>
    name.endsWith('.ts') && name !== 'all.ts' && !name.endsWith('.test.ts') && (only === undefined || name === `${only}.ts`),
);
if (modules.length === 0) throw new Error(`There is no generator ${only ?? 'beside all.ts'}.`);

for (const module of modules) {
  const { generator } = (await import(join(import.meta.dirname, module))) as { generator: Generator };
  for (const [path, text] of await generator.files()) {
    const file = join(root, path);
    const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (isCurrent) continue;
    if (!isCheck) writeFileAtomically(file, text, { mode: 0o644, isDurable: false });
    else process.exitCode = 1;
    say(isCheck ? `${path} is out of date: make generate` : `wrote ${path} (${generator.name})`);
  }
}
