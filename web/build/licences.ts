import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** The licences under which code may be shipped with this product. */
const permitted = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'CC0-1.0']);

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/** The package that a module belongs to: the nearest manifest with a name and a version. Null for own code. */
const packageOf = (file: string): { readonly folder: string; readonly manifest: Manifest } | null => {
  if (!file.includes('/node_modules/')) return null;
  for (let folder = dirname(file); folder.includes('/node_modules/'); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (manifest.name !== undefined && manifest.version !== undefined) return { folder, manifest };
  }
  return null;
};

const licenceText = (folder: string): string => {
  const file = ['LICENSE', 'LICENSE.md', 'LICENCE', 'license', 'LICENSE.txt'].map((name) => join(folder, name)).find(existsSync);
  return file === undefined ? '' : readFileSync(file, 'utf8').trim();
};

/** Writes `licences.txt` with the licence of every package in the bundle. The build fails on a package without a permitted one. */
export const gatherLicences = (): Plugin => ({
  name: 'gather-licences',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? Object.keys(part.modules) : []));
    const found = new Map<string, string>();
    for (const file of modules.map((module) => module.replace(/^\0/, '').replace(/\?.*$/, ''))) {
      const owner = packageOf(file);
      if (owner === null) continue;
      const { name, version, license = 'none' } = owner.manifest;
      if (!permitted.has(license)) this.error(`${name} ${version} is under ${license}: it may not be shipped.`);
      found.set(`${name} ${version} (${license})`, licenceText(owner.folder));
    }
    const texts = [...found].toSorted(([a], [b]) => a.localeCompare(b, 'en')).map(([title, text]) => `${title}\n\n${text}\n`);
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
  },
});
