import { StreamLanguage, type StreamParser } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

/** The languages that the editor colours, by the names that scripts carry. Each is loaded when it is first shown. */
const loaders: Readonly<Record<string, () => Promise<StreamParser<unknown>>>> = {
  shell: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  python: async () => (await import('@codemirror/legacy-modes/mode/python')).python,
  perl: async () => (await import('@codemirror/legacy-modes/mode/perl')).perl,
  powershell: async () => (await import('@codemirror/legacy-modes/mode/powershell')).powerShell,
  sql: async () => (await import('@codemirror/legacy-modes/mode/sql')).standardSQL,
  javascript: async () => (await import('@codemirror/legacy-modes/mode/javascript')).javascript,
  json: async () => (await import('@codemirror/legacy-modes/mode/javascript')).json,
  groovy: async () => (await import('@codemirror/legacy-modes/mode/groovy')).groovy,
  ruby: async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby,
  yaml: async () => (await import('@codemirror/legacy-modes/mode/yaml')).yaml,
};

/** The colouring of a language; nothing for one that is not known. */
export const loadLanguage = async (name: string): Promise<Extension> => {
  const load = loaders[name];
  return load === undefined ? [] : StreamLanguage.define(await load());
};
