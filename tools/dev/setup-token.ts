import { existsSync, readFileSync } from 'node:fs';
import { createSetupTokenStore } from '../../services/auth/src/store/setup-tokens.ts';
import { onSchema } from './on-database.ts';
import { waitPatiently } from './patience.ts';

export interface SetupTokenParts {
  readonly file: string;
  /**
   * The source that knows whether a setup token is wanted: the tables of auth, or the gateway of a stack whose database is
   * connected later.
   */
  readonly from: { readonly databaseUrl: string } | { readonly gateway: string };
  readonly onNote: (line: string) => void;
}

const askTimeoutMs = 5_000;

const hasOwner = (databaseUrl: string): Promise<boolean> =>
  onSchema(databaseUrl, 'auth', ({ connection }) => createSetupTokenStore(connection).hasOwner());

/**
 * True if a database is connected or being connected. `state` does not tell: it is `unavailable` until the gateway has heard
 * from its services, which takes seconds on a busy machine.
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
