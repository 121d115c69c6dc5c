import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The account that runs PostgreSQL; empty for the account of this process. */
export interface PostgresOwner {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The ids that are used for PostgreSQL: behind those that systemd gives to dynamic users (61184 to 65519), before `nobody` (65534), and
 * reserved by Debian's policy, so that no package and no service is given one.
 */
const ids = Array.from({ length: 14 }, (_none, index) => 65_520 + index);

/** Reads the ids that a file of accounts or groups gives away (passwd(5), group(5)). */
const idsIn = (file: string): readonly number[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => Number(line.split(':')[2]))
    : [];

const uidOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.uid;

/** Reads the ids that processes of this machine run under; none where there is no /proc. */
const idsOfProcesses = (): ReadonlySet<number | undefined> => {
  const names = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return new Set(names.map((name) => uidOf(path.join('/proc', name))));
};

/** Chooses an id that is nobody's account, and of these one that no process runs under. */
const chooseId = (dataFolder: string, data: string | undefined): number => {
  const given = new Set([...idsIn('/etc/passwd'), ...idsIn('/etc/group')]);
  const first = createHash('sha256').update(path.resolve(dataFolder)).digest().readUInt32BE(0) % ids.length;
  const free = [...ids.slice(first), ...ids.slice(0, first)].filter((id) => !given.has(id));
  const before = data === undefined ? undefined : uidOf(data);
  const used = idsOfProcesses();
  const id = free.find((each) => each === before) ?? free.find((each) => !used.has(each)) ?? free[0];
  if (id === undefined) throw new Error('PostgreSQL does not run as root, and every id for it (65520 to 65533) has an account.');
  return id;
};

/**
 * Chooses the account that runs PostgreSQL on a folder: that of this process, or where this is root, which PostgreSQL refuses, an id of
 * its own. The account `nobody` would share the data with every other process that runs as nobody.
 */
export const postgresOwner = (dataFolder: string, data: string | undefined): PostgresOwner => {
  if (process.getuid?.() !== 0) return {};
  const id = chooseId(dataFolder, data);
  return { uid: id, gid: id };
};

const nobody = 65_534;

/**
 * The account of initdb, which runs under no id that has no name: as root it is `nobody`, in the group of PostgreSQL's own id. That group
 * alone may enter the folder (`letIn`) that it works in, so that no other process of nobody's reaches what it makes.
 */
export const initdbOwner = ({ gid }: PostgresOwner): PostgresOwner => (gid === undefined ? {} : { uid: nobody, gid });

/** Lets the group of PostgreSQL's own id into a folder of this process, and nobody else. */
export const letIn = ({ gid }: PostgresOwner, folder: string): void => {
  chmodSync(folder, gid === undefined ? 0o700 : 0o710);
  if (gid !== undefined) chownSync(folder, 0, gid);
};

/** Hands data to the account that is to run on it, where an earlier release has made it as another one. Only while no server runs on it. */
export const takeOver = ({ uid, gid }: PostgresOwner, data: string): void => {
  if (uid === undefined || gid === undefined || [undefined, uid].includes(uidOf(data))) return;
  const { status, stderr } = spawnSync('chown', ['-R', `${uid}:${gid}`, data], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${data} cannot be given to the account of PostgreSQL: ${stderr}`);
};
