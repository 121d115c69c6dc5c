/** The languages that are offered for a new script; any other name is kept as it is. */
export const languageNames = [
  'shell',
  'python',
  'perl',
  'powershell',
  'sql',
  'javascript',
  'groovy',
  'ruby',
  'yaml',
  'text',
] as const;

const endings: Readonly<Record<string, string>> = {
  sh: 'shell',
  bash: 'shell',
  ksh: 'shell',
  py: 'python',
  pl: 'perl',
  ps1: 'powershell',
  sql: 'sql',
  js: 'javascript',
  groovy: 'groovy',
  rb: 'ruby',
  yml: 'yaml',
  yaml: 'yaml',
};

/** The language that the name of a file means; null where it means none. */
export const languageOf = (fileName: string): string | null => endings[fileName.split('.').at(-1)?.toLowerCase() ?? ''] ?? null;
