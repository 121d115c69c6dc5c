export {
  createEmptyFile,
  createFileAtomically,
  syncToDisk,
  writeChunksAtomically,
  writeFileAtomically,
  type AtomicWriteOptions,
} from './atomic-write.ts';
export { openLogFile } from './log-file.ts';
export { readOrCreatePrivateFile } from './private-file.ts';
