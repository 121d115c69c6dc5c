import { readFileSync } from 'node:fs';

const keyBytesMin = 32;

/**
 * A secret key from the environment: `NAME` holds it in base64, or `NAME_FILE` names a file that does.
 * Throws an Error that names what is missing or too short; there is no default.
 */
export const readSecret = (env: NodeJS.ProcessEnv, name: string): Uint8Array => {
  const text = readText(env, name);
  if (text === undefined) throw new Error(`${name} or ${name}_FILE is missing: ${keyBytesMin} random bytes in base64.`);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text.trim())) throw new Error(`${name} is not base64.`);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length < keyBytesMin) throw new Error(`${name} is too short: it must be at least ${keyBytesMin} bytes in base64.`);
  return new Uint8Array(key);
};

/** The text of `NAME`, or of the file that `NAME_FILE` names; undefined without either. Throws an Error if the file cannot be read. */
export const readText = (env: NodeJS.ProcessEnv, name: string): string | undefined =>
  given(env, name) ?? readNamedFile(env, `${name}_FILE`);

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
