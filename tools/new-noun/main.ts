import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createFileAtomically } from '@guildhall/files';
import { planNoun, type Plan } from './plan.ts';

/** Writes the skeleton of a noun in a community: node tools/new-noun/main.ts <service> <plural>. Overwrites no file. */

const root = path.resolve(import.meta.dirname, '../..');
const schemas: Readonly<Record<string, string>> = { 'team-resources': 'team' };
const templateNames = ['contract', 'up', 'down', 'fixture', 'core', 'store', 'routes', 'core-test', 'contract-test'];

const readTemplates = async (): Promise<ReadonlyMap<string, string>> => {
  const folder = path.join(import.meta.dirname, 'templates');
  const texts = templateNames.map(async (name) => [name, await readFile(path.join(folder, `${name}.txt`), 'utf8')] as const);
  return new Map(await Promise.all(texts));
};

const nextStep = async (service: string): Promise<string> => {
  const files = await readdir(path.join(root, 'services', service, 'migrations'));
  const last = Math.max(0, ...files.map((file) => Number.parseInt(file, 10)).filter(Number.isInteger));
  return String(last + 1).padStart(4, '0');
};

const writePlan = async ({ files, shared }: Plan): Promise<void> => {
  for (const { path: file, text } of files) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    if (!createFileAtomically(path.join(root, file), text, { mode: 0o644, isDurable: false }))
      throw new Error(`${file} exists already; it was not changed.`);
    process.stdout.write(`wrote ${file}\n`);
  }
  process.stdout.write('\nNow add to the files that nouns share:\n');
  for (const { path: file, line } of shared) process.stdout.write(`  ${file}: ${line}\n`);
  process.stdout.write(
    '\nThen: make fmt && make generate && make test. Until all is in place, types and tests say what is missing.\n',
  );
};

const main = async ([service = '', name = '']: readonly string[]): Promise<void> => {
  const schema = schemas[service];
  if (schema === undefined) {
    throw new Error(`SERVICE must be one whose nouns lie in communities: ${Object.keys(schemas).join(', ')}.`);
  }
  const templates = await readTemplates();
  const template = (from: string): string => templates.get(from) ?? '';
  await writePlan(planNoun({ service, schema, name, step: await nextStep(service), template }));
};

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
