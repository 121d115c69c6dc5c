/** A file of jobs as code, as a person would drop it on the page. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

const foldersMax = 20;
const jobsPerFolder = 25;
const two = (number: number): string => String(number).padStart(2, '0');

const folderName = (number: number): string => `NIGHT_${two(number)}`;

const event = (name: string): object => ({ Events: [{ Event: name }] });

/** The first job of a folder waits for the folder at half its number; the last one ends the folder. */
const jobOf = (folder: number, job: number): object => ({
  Type: 'Job:Script',
  FileName: job === 1 ? 'load-orders.sh' : `step-${two(job)}.sh`,
  FilePath: '/opt/night',
  RunAs: job % 2 === 0 ? 'batch' : 'orders',
  Host: `host-${folder % 4}`,
  ...(job === 1 && folder > 1 ? { wait: { Type: 'WaitForEvents', ...event(`night-${two(Math.floor(folder / 2))}-done`) } } : {}),
  ...(job === jobsPerFolder ? { add: { Type: 'AddEvents', ...event(`night-${two(folder)}-done`) } } : {}),
});

/** A folder of four lanes of six jobs, which begin after its first job. */
const folderOf = (folder: number): object => {
  const numbers = Array.from({ length: jobsPerFolder }, (_, index) => index + 1);
  const nameOf = (job: number): string => `Job_${two(folder)}_${two(job)}`;
  const jobs = Object.fromEntries(numbers.map((job) => [nameOf(job), jobOf(folder, job)]));
  const lanes = [2, 8, 14, 20].map((first) => [1, ...numbers.slice(first - 1, first + 5)].map(nameOf));
  const flows = Object.fromEntries(lanes.map((Sequence, index) => [`Lane_${index + 1}`, { Type: 'Flow', Sequence }]));
  return { Type: 'Folder', Application: 'night', ...jobs, ...flows };
};

/** The forms in which people write: each must come back character by character. */
const forms: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `// The night batch.\n${text}\n`,
  (text) => `${text.replaceAll('\n', '\r\n')}\r\n`,
  (text) => `\uFEFF${text}`,
  (text) => text.replace(/\n\}$/, ',\n}'),
  (text) => text.replaceAll('  ', '\t'),
  (text) => text.replace('"Application"', '/* who */ "Priority": 1.50,\n    "Application"'),
];

/** Twenty good files in all forms: 500 jobs, whose folders wait for each other as a tree. */
export const goodFiles: readonly SourceFile[] = Array.from({ length: foldersMax }, (_, index) => {
  const text = JSON.stringify({ [folderName(index + 1)]: folderOf(index + 1) }, null, 2);
  return { name: `night-${two(index + 1)}.json`, text: forms[index % forms.length]?.(text) ?? text };
});

const nested = (depth: number): string => '{"A":'.repeat(depth) + '1' + '}'.repeat(depth);

/** Six files that cannot be imported, each for another reason. */
export const brokenFiles: readonly SourceFile[] = [
  { name: 'broken-cut.json', text: '{\n  "CUT": {\n    "Type": "Folder",\n    "Load": {"Type": "Job:Command", "Command": "lo' },
  { name: 'broken-word.json', text: '{\n  "WORD": {"Type": "Folder",\n    "Priority": high}\n}' },
  { name: 'broken-deep.json', text: `{"DEEP": {"Type": "Folder", "x": ${nested(60)}}}` },
  { name: 'broken-proto.json', text: '{"PROTO": {"Type": "Folder",\n  "__proto__": {"Type": "Job:Dummy"}}}' },
  { name: 'broken-descriptor.json', text: '{"DeployDescriptor": [{"Property": "Host", "Assign": "prod"}]}' },
  { name: 'broken-empty.json', text: '{\n  "Defaults": {"RunAs": "orders"}\n}' },
];
