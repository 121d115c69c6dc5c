import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { serviceNames } from '@guildhall/contracts/service-names';
import { writeFileAtomically } from '@guildhall/files';
import { repositoryRoot } from '../source/repository.ts';

/**
 * A statement that a test run sent to a database, and the folder of who sent it: of the service whose connection it took, `services/auth`, or
 * of the test, `libs/db`.
 */
export interface Captured {
  readonly owner: string;
  readonly text: string;
}

/** Names the folder into which the workers of a test run write, each into a file of its own. */
export const folderVariable = 'GUILDHALL_STATEMENTS_FOLDER';

const foldersRoot = path.join(repositoryRoot, '.tmp/statements');

const channelName = 'guildhall.db.statement';

/** The templates that wrote no statement in the last run. */
export const untestedFile = path.join(foldersRoot, 'untested.txt');

/** The statements that the product sent in the last run of all tests: a list of `Captured`. */
export const sentFile = path.join(foldersRoot, 'sent.json');

/** Makes an empty folder for one run. */
export const newFolder = (): string => {
  const folder = path.join(foldersRoot, `run-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** The message that `@guildhall/db` publishes for each statement. */
interface Sent {
  readonly text: string;
  /** The name of the connection: of a service, `guildhall-auth`, or of a test's own look into its tables, `auth-test`. */
  readonly applicationName?: string;
}

/** The folder of the service that a connection is named for; undefined for another connection. */
const serviceOf = (applicationName = ''): string | undefined => {
  const name = applicationName.replace(/^guildhall-|-test$/, '');
  return serviceNames.some((service) => service === name) ? `services/${name}` : undefined;
};

/**
 * Collects each distinct statement that `@guildhall/db` sends in this process from now on. A service that several test files share goes
 * on with its jobs while tests of others run: its statements are its own, `owner` has those of connections that are no service's.
 * Returns a function that writes them into a file of its own: workers run side by side.
 */
export const captureStatements = (folder: string, owner: string): (() => void) => {
  const captured = new Map<string, Captured>();
  const add = (message: unknown): void => {
    const { text, applicationName } = message as Sent;
    const one = { owner: serviceOf(applicationName) ?? owner, text };
    captured.set(`${one.owner} ${text}`, one);
  };
  subscribe(channelName, add);
  return () => {
    // A worker that shares its modules runs further test files, of other packages.
    unsubscribe(channelName, add);
    if (captured.size === 0) return;
    writeFileAtomically(path.join(folder, `${process.pid}-${randomUUID()}.json`), JSON.stringify([...captured.values()]), {
      isDurable: false,
    });
  };
};

/** Reads what the workers wrote, each statement of an owner once, and removes the folder. */
export const takeCaptured = (folder: string): Captured[] => {
  const all = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Captured[]);
  rmSync(folder, { recursive: true, force: true });
  return [...new Map(all.map((one) => [`${one.owner} ${one.text}`, one])).values()];
};
