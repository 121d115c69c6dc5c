import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  archiveBytesMax,
  archiveFilesMax,
  archiveManifestName,
  DocumentText,
  ScriptContent,
  WorkspaceManifest,
} from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
import { extract } from 'tar-stream';
import { Compile } from 'typebox/compile';
import { readDefinition } from '../sync/read-definition.ts';
import type { ArchiveContents } from './archive-files.ts';

const isManifest = Compile(WorkspaceManifest);
const isScript = Compile(ScriptContent);
const isDocument = Compile(DocumentText);
const unzip = promisify(gunzip);

const refused = (path: string, message: string): AppError =>
  new AppError('INVALID', 'This archive is not imported: nothing was changed.', { errors: [{ path, message }] });

/** The bytes without their packing. Throws INVALID. */
const unpacked = async (bytes: Buffer): Promise<Buffer> => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: archiveBytesMax });
  } catch {
    throw refused('', `is no gzip, or more than ${archiveBytesMax} bytes unpacked`);
  }
};

/** The files by their paths. Throws INVALID for anything that is no file, comes twice or is not UTF-8, and for too many files. */
const readFiles = async (bytes: Buffer): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>();
  const archive = extract();
  archive.end(bytes);
  for await (const entry of archive) {
    const { name, type } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (type === 'directory') continue;
    if (type !== 'file') throw refused(`/${name}`, 'is no plain file');
    if (files.has(name)) throw refused(`/${name}`, 'comes twice');
    if (files.size > archiveFilesMax) throw refused('', `has more than ${archiveFilesMax} files`);
    const content = Buffer.concat(chunks);
    if (!isUtf8(content)) throw refused(`/${name}`, 'is not UTF-8');
    files.set(name, content.toString('utf8'));
  }
  return files;
};

/** Reads the files of a tar archive. Throws INVALID, also for bytes that are none or end too early. */
const readTar = async (bytes: Buffer): Promise<ReadonlyMap<string, string>> => {
  if (bytes.length > archiveBytesMax) throw refused('', `is more than ${archiveBytesMax} bytes`);
  try {
    return await readFiles(bytes);
  } catch (error) {
    throw error instanceof AppError ? error : refused('', 'is no tar archive, or ends too early');
  }
};

const readManifest = (text: string | undefined): WorkspaceManifest => {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    value = undefined;
  }
  if (isManifest.Check(value)) return value;
  const [fault] = isManifest.Errors(value);
  throw refused(
    `/${archiveManifestName}${fault?.instancePath ?? ''}`,
    `is no manifest of a workspace: ${fault?.message ?? 'it is missing'}`,
  );
};

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Throws INVALID for what is no definition of a folder. */
const requireDefinition = (path: string, text: string): void => {
  try {
    readDefinition(text);
  } catch (error) {
    throw refused(`/${path}`, isAppError(error) ? error.message : 'is no definition of a folder');
  }
};

/** Throws INVALID unless each file of the manifest is there as the manifest says, and no other. */
const requireComplete = (manifest: WorkspaceManifest, files: ReadonlyMap<string, string>): void => {
  const { scripts, documents, histories } = manifest;
  const scriptFiles = scripts.flatMap((script) => [script, ...(script.history?.earlier ?? [])]);
  const folderFiles = histories?.folders.flatMap(({ history }) => history.earlier) ?? [];
  const documentFiles = histories?.documents.flatMap(({ history }) => history.earlier) ?? [];
  const listed = [...scriptFiles, ...documents, ...folderFiles, ...documentFiles];
  for (const { path, sha256 } of listed) {
    const text = files.get(path);
    if (text === undefined) throw refused(`/${path}`, 'is in the manifest and not in the archive');
    if (sha256Of(text) !== sha256) throw refused(`/${path}`, 'has another SHA-256 than the manifest says');
  }
  for (const { path } of scriptFiles) {
    if (!isScript.Check(files.get(path))) throw refused(`/${path}`, 'is no text of a script: it is too long, or has NUL in it');
  }
  for (const { path } of folderFiles) requireDefinition(path, files.get(path) ?? '');
  for (const { path } of documentFiles) {
    if (!isDocument.Check(files.get(path)))
      throw refused(`/${path}`, 'is no text of a document: it is too long, or has NUL in it');
  }
  const known = new Set([archiveManifestName, ...listed.map(({ path }) => path)]);
  const [stranger] = [...files.keys()].filter((path) => !known.has(path));
  if (stranger !== undefined) throw refused(`/${stranger}`, 'is not in the manifest');
};

/** Reads an archive, whole or not at all. Throws INVALID with the file and what is wrong with it. */
export const readArchive = async (bytes: Buffer): Promise<ArchiveContents> => {
  const texts = await readTar(await unpacked(bytes));
  const manifest = readManifest(texts.get(archiveManifestName));
  requireComplete(manifest, texts);
  return { manifest, texts };
};
