import { matchesGlob } from 'node:path';
import { importsOf } from '../source/imports.ts';
import type { RepositoryFile } from '../source/repository.ts';
import type { Room } from '../rooms.ts';
import { impuritiesOf } from './impurities.ts';
import { followImport, type LibExports } from './resolve-import.ts';

export const roomOf = (path: string, rooms: readonly Room[]): Room | undefined =>
  rooms.find(({ files }) => files.some((pattern) => matchesGlob(path, pattern)));

/** Returns one sentence for each import that breaks the table: file, line, import and rule. */
export const violationsOf = (file: RepositoryFile, rooms: readonly Room[], libs: LibExports): string[] => {
  const room = roomOf(file.path, rooms);
  if (room === undefined) return [`${file.path} belongs to no room: put it in one, or name a new one in tools/rooms.ts.`];
  const imports = importsOf(file).flatMap(({ specifier, line }) => {
    const lead = followImport(file.path, specifier, libs);
    const named = specifier === null ? 'a computed name' : `'${specifier}'`;
    const start = `${file.path}:${line} imports ${named}`;
    if ('fault' in lead) return [`${start}: ${lead.fault}.`];
    return mayImport(room, lead.target) ? [] : [`${start}: ${room.name} may not import ${lead.target}. ${room.why}`];
  });
  const impurities = room.isPure === true ? impuritiesOf(file) : [];
  return [
    ...imports,
    ...impurities.map(({ line, what }) => `${file.path}:${line} uses ${what}: ${room.name} is pure. ${room.why}`),
  ];
};

const mayImport = ({ mayImport: allowed, never = [] }: Room, target: string): boolean =>
  allowed.some((pattern) => covers(pattern, target)) && !never.some((pattern) => covers(pattern, target));

/** A package is meant with all that lies in it. */
const covers = (pattern: string, target: string): boolean =>
  pattern.endsWith('*')
    ? target.startsWith(pattern.slice(0, -1))
    : target === pattern || (pattern.startsWith('package:') && target.startsWith(`${pattern}/`));
