import { AppError } from '@guildhall/errors';
import { type Sha256, hashBytes, verifierKeyOf } from '@guildhall/tlog';
import { requireAuditReader } from '../access.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { CheckEntry } from './integrity.ts';
import { leafTextOf, type LoggedEvent } from './leaf.ts';
import type { AlteredEntry, LogEntry } from './log-reader.ts';
import { readTilePath, tileKey, tileWidth, type AskedTile, type LogTiles } from './tiles.ts';

export interface LoggedEntries {
  /** The events of these places that are still there, in order. */
  entries(from: number, count: number): Promise<readonly LogEntry[]>;
}

export interface ServeLogParts {
  readonly checkpoints: Pick<Checkpoints, 'latest' | 'key'>;
  readonly tiles: LogTiles;
  readonly entries: LoggedEntries;
  readonly sha256: Sha256;
  readonly checkEntry: CheckEntry;
}

export interface Tile {
  readonly bytes: Uint8Array;
  /** A whole tile never changes; one that is not is replaced by a wider one. */
  readonly isWhole: boolean;
}

/** The log as C2SP tlog-tiles serves one. Everything here throws NOT_FOUND for what is not there. */
export interface ServeLog {
  checkpoint(): Promise<string>;
  verifierKey(): Promise<string>;
  tile(level: number, path: string): Promise<Tile>;
  /** Throws FORBIDDEN; UNPROCESSABLE when one of the entries is too long for the format; CONFLICT when one was altered in the database. */
  entries(permissions: readonly string[], path: string): Promise<Tile>;
}

/** The length of an entry is told in two bytes. */
const entryBytesMax = 65_535;
const encoder = new TextEncoder();

const notThere = (what: string): AppError => new AppError('NOT_FOUND', what);

const parseTile = (path: string): AskedTile => {
  const asked = readTilePath(path);
  if (asked === null) throw notThere('There is no tile of that name.');
  return asked;
};

const withLength = (event: LoggedEvent): Uint8Array => {
  const text = encoder.encode(leafTextOf(event));
  if (text.length > entryBytesMax)
    throw new AppError(
      'UNPROCESSABLE',
      `The event ${event.id} is longer than ${entryBytesMax} bytes, which a bundle cannot hold: export it instead.`,
    );
  return Uint8Array.of(text.length >> 8, text.length & 0xff, ...text);
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const requireGenuine = (entry: LogEntry | AlteredEntry): LoggedEvent => {
  if ('event' in entry) return entry.event;
  throw new AppError(
    'CONFLICT',
    `The event at leaf index ${entry.leafIndex} is not what its leaf hash was made of: it was altered in the database.`,
  );
};

export const createServeLog = ({ checkpoints, tiles, entries, sha256, checkEntry }: ServeLogParts): ServeLog => ({
  async checkpoint() {
    const latest = await checkpoints.latest();
    if (latest === null) throw notThere('The log has not been signed yet.');
    return latest.note;
  },
  async verifierKey() {
    const key = await checkpoints.key();
    if (key === null) throw notThere('The log has no key yet.');
    return `${verifierKeyOf(sha256, key)}\n`;
  },
  async tile(level, path) {
    const { index, width } = parseTile(path);
    const size = level === 0 ? index * tileWidth + width : 0;
    const bytes = (await tiles.read([{ level, index }], size)).get(tileKey({ level, index }));
    if (bytes === undefined || bytes.length < width * hashBytes) throw notThere('The log has no such tile yet.');
    return { bytes: bytes.subarray(0, width * hashBytes), isWhole: width === tileWidth };
  },
  async entries(permissions, path) {
    requireAuditReader(permissions);
    const { index, width } = parseTile(path);
    const found = await entries.entries(index * tileWidth, width);
    if (found.length < width) throw notThere('The log does not have all of these entries: not yet, or not any more.');
    const events = found.map((entry) => requireGenuine(checkEntry(entry)));
    return { bytes: joined(events.map(withLength)), isWhole: width === tileWidth };
  },
});
