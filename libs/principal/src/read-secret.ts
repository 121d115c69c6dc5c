import { readFileSync } from 'node:fs';
import { refusePlaceholder } from '@guildhall/resources';

const keyBytesMin = 32;
/** 32 random bytes have about 30 different ones; fewer than 16 come by chance once in 10^15 keys. */
const differentBytesMin = 16;

/**
 * A secret key from the environment: `NAME` holds it in base64, or `NAME_FILE` names a file that does.
 * Throws an Error that names what is missing, too short, or plainly not random; there is no default.
 */
export const readSecret = (env: NodeJS.ProcessEnv, name: string): Uint8Array => {
  const text = readText(env, name);
  if (text === undefined) throw new Error(`${name} or ${name}_FILE is missing: ${keyBytesMin} random bytes in base64.`);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text.trim())) throw new Error(`${name} is not base64.`);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length < keyBytesMin) throw new Error(`${name} is too short: it must be at least ${keyBytesMin} bytes in base64.`);
  if (new Set(key).size < differentBytesMin)
    throw new Error(`${name} is not random: make a key of your own with openssl rand -base64 ${keyBytesMin}.`);
  return new Uint8Array(key);
};

/** The text of `NAME`, or of the file that `NAME_FILE` names; undefined without either. Throws an Error if the file cannot be read, or for a placeholder. */
export const readText = (env: NodeJS.ProcessEnv, name: string): string | undefined => {
  const text = given(env, name) ?? readNamedFile(env, `${name}_FILE`);
  refusePlaceholder(name, text ?? '');
  return text;
};

/** An empty variable counts as none. */
const given = (env: NodeJS.ProcessEnv, name: string): string | undefined => (env[name] === '' ? undefined : env[name]);

const readNamedFile = (env: NodeJS.ProcessEnv, name: string): string | undefined => {
  const file = given(env, name);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { cause: error });
  }
};
