import { readOrExit } from '@guildhall/http';
import { readRotateConfig } from '../config.ts';
import { withKeys } from '../wire/rotate-keys.ts';

/** The command that rotates the signing keys: `node rotate-keys.ts`, or at once, for keys that may be stolen: `node rotate-keys.ts now`. */
const config = readOrExit(() => readRotateConfig(process.env));

const rotate = (): Promise<string> =>
  withKeys(config, async (keys) => {
    const { kid, isNew, currentKid, activatesAt, removedAt } = await keys.rotate();
    return [
      isNew ? `The next signing key is stored and published: ${kid}` : `A rotation is under way already, with the key ${kid}`,
      `  takes over  ${activatesAt.toISOString()}, when every verifier knows it`,
      `  until then  ${currentKid} signs; it is removed by ${removedAt.toISOString()}, when its last token has expired`,
    ].join('\n');
  });

const replace = (): Promise<string> =>
  withKeys(config, async (keys) => {
    const { kid, removedKids } = await keys.replace();
    return [
      `The signing key is ${kid} from now on.`,
      `  removed  ${removedKids.join(', ')}; access tokens of before are refused, and clients refresh them`,
    ].join('\n');
  });

try {
  process.stdout.write(`${await (process.argv[2] === 'now' ? replace() : rotate())}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
