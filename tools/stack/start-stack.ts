import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitPatiently } from '../dev/patience.ts';
import type { Compose } from './compose.ts';
import { prepareImages } from './images.ts';
import { ensureStackSecrets } from './secrets.ts';

export interface StackParts {
  readonly compose: Compose;
  readonly folder: string;
  readonly gateway: string;
  readonly onNote: (line: string) => void;
}

const askTimeoutMs = 1_000;
const logLines = '40';

/** Says of each service how the gateway sees it, where it is not ready. */
const servicesMissingAt = async (gateway: string): Promise<string> => {
  const response = await fetch(`${gateway}/v1/installation`, { signal: AbortSignal.timeout(askTimeoutMs) });
  const { services } = (await response.json()) as {
    readonly services: readonly { readonly service: string; readonly status: string; readonly detail?: string }[];
  };
  return services
    .filter(({ status }) => status !== 'ready')
    .map(({ service, status, detail }) => `${service} is ${status}${detail === undefined ? '' : ` (${detail})`}`)
    .join(', ');
};

/** Looks for what the gateway lacks to serve team routes, and names the services that it does not reach. Null: nothing. */
export const missingAt = async (gateway: string): Promise<string | null> => {
  try {
    const response = await fetch(`${gateway}/readyz`, { signal: AbortSignal.timeout(askTimeoutMs) });
    const readiness = (await response.json()) as { sharedDatabase?: { status: string } };
    if (response.ok && readiness.sharedDatabase?.status === 'ready') return null;
    return (await servicesMissingAt(gateway)) || JSON.stringify(readiness);
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
};

/** The setup token of a stack without an owner; null: there is one. */
export const setupTokenIn = (folder: string): string | null => {
  const file = join(folder, 'setup', 'setup-token');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
};

/**
 * Builds or fetches the images, makes the secrets that are not there, starts every container and waits until the gateway reaches the shared database
 * by every service. Returns how long the wait behind `up` was, in milliseconds. Rejects when a container fails, with the last lines of all.
 */
export const startContainers = async ({ compose, folder, gateway, onNote }: StackParts): Promise<number> => {
  ensureStackSecrets(folder);
  onNote(await prepareImages(compose));
  const startedAt = performance.now();
  try {
    await compose.run(['up', '--detach'], true);
    await waitPatiently({ what: 'the gateway to be ready', onNote, look: () => missingAt(gateway) });
  } catch (error) {
    onNote(compose.read(['ps']));
    onNote(compose.read(['logs', '--tail', logLines]));
    throw error;
  }
  return performance.now() - startedAt;
};
