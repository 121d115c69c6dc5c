import { existsSync, readFileSync } from 'node:fs';
import { createSetupTokenStore } from '../../services/auth/src/store/setup-tokens.ts';
import { onSchema } from './on-database.ts';
import { waitPatiently } from './patience.ts';

export interface SetupTokenParts {
  readonly file: string;
  /** Who knows whether a token is wanted: auth's tables, or the gateway of a stack whose database is connected later. */
  readonly from: { readonly databaseUrl: string } | { readonly gateway: string };
  readonly onNote: (line: string) => void;
}

const askTimeoutMs = 5_000;

const hasOwner = (databaseUrl: string): Promise<boolean> =>
  onSchema(databaseUrl, 'auth', ({ connection }) => createSetupTokenStore(connection).hasOwner());

/**
 * Whether a database is connected or a run connects one. `state` does not say that: it is `unavailable` until the gateway has
 * heard from its services, on a busy machine for seconds.
 */
const isConnected = async (gateway: string): Promise<boolean> => {
  const response = await fetch(`${gateway}/v1/installation`, { signal: AbortSignal.timeout(askTimeoutMs) });
  return ((await response.json()) as { readonly source: string | null }).source !== null;
};

/** The token that makes the first owner, or connects the first database; null where nobody needs one. */
export const findSetupToken = async ({ file, from, onNote }: SetupTokenParts): Promise<string | null> => {
  const isUnwanted = 'gateway' in from ? await isConnected(from.gateway) : await hasOwner(from.databaseUrl);
  if (isUnwanted) return null;
  const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  await waitPatiently({
    what: 'the setup token',
    onNote,
    look: async () => (read() === '' ? `${file} is not there yet` : null),
  });
  return read();
};
