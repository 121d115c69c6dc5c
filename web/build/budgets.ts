import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** The most that each part may cost, in kilobytes after gzip. */
const budgets = {
  /** The page with everything that it imports at once. */
  shell: 190,
  /** The addition of a screen, by the name of its chunk. */
  screens: {
    script: 115,
    'control-m-folder': 115,
    editor: 115,
    'three-way': 115,
    'control-m-graph': 75,
    audit: 70,
    'audit-event': 70,
  } as Readonly<Record<string, number>>,
  everyOtherScreen: 40,
  styles: 30,
  everything: 700,
};

type Bundle = Rolldown.OutputBundle;
const kilobytes = (bytes: number): number => Math.round(bytes / 102.4) / 10;
const sizeOf = (text: string | Uint8Array): number => gzipSync(text).length;

/** The chunk with everything that it imports statically, except what `known` holds already. */
const closureOf = (bundle: Bundle, fileName: string, known: ReadonlySet<string>): ReadonlySet<string> => {
  const seen = new Set<string>();
  const add = (name: string): void => {
    const part = bundle[name];
    if (part?.type !== 'chunk' || seen.has(name) || known.has(name)) return;
    seen.add(name);
    part.imports.forEach(add);
  };
  add(fileName);
  return seen;
};

const sum = (bundle: Bundle, names: Iterable<string>): number =>
  [...names].reduce((total, name) => {
    const part = bundle[name];
    return part?.type === 'chunk' ? total + sizeOf(part.code) : total;
  }, 0);

interface Size {
  readonly name: string;
  readonly size: number;
  readonly max: number;
}

const stylesOf = (bundle: Bundle): number =>
  Object.values(bundle).reduce(
    (total, part) => (part.type === 'asset' && part.fileName.endsWith('.css') ? total + sizeOf(part.source) : total),
    0,
  );

/** The sizes of a bundle beside what they may be, in kilobytes. */
const measure = (bundle: Bundle): readonly Size[] => {
  const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry);
  if (entry === undefined) return [];
  const shell = closureOf(bundle, entry.fileName, new Set());
  const screens = chunks.filter(({ isDynamicEntry }) => isDynamicEntry);
  const all = chunks.map(({ fileName }) => fileName);
  return [
    { name: 'shell', size: sum(bundle, shell), max: budgets.shell },
    ...screens.map(({ name, fileName }) => ({
      name,
      size: sum(bundle, closureOf(bundle, fileName, shell)),
      max: budgets.screens[name] ?? budgets.everyOtherScreen,
    })),
    { name: 'styles', size: stylesOf(bundle), max: budgets.styles },
    { name: 'everything', size: sum(bundle, all), max: budgets.everything },
  ].map(({ name, size, max }) => ({ name, size: kilobytes(size), max }));
};

/** Prints what each part of the console costs where CONSOLE_SIZES is set, and fails the build where one costs more than its budget. */
export const holdBudgets = (): Plugin => ({
  name: 'hold-budgets',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const texts = measure(bundle).map(({ name, size, max }) => `  ${name.padEnd(16)} ${String(size).padStart(6)} of ${max} KB`);
      if (process.env['CONSOLE_SIZES'] !== undefined) process.stdout.write(`Sizes after gzip:\n${texts.join('\n')}\n`);
      const over = measure(bundle).filter(({ size, max }) => size > max);
      const faults = over.map(({ name, size, max }) => `${name}: ${size} of ${max} KB`);
      if (over.length > 0) this.error(`Over the budget of web/build/budgets.ts: ${faults.join(', ')}`);
    },
  },
});
