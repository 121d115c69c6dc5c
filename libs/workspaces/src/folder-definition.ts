import { definitionBytesMax, jobsPerFolderMax } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';

/** The stored fields of a folder's definition. */
export type DefinitionFields = Readonly<{ definition: string; jobCount: number }>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `Job` or `Job:Command`, `Job:Script` …: what Control-M runs. */
const jobType = /^Job(?:$|:)/;

const isJob = (value: unknown): boolean => {
  const type = isObject(value) ? value['Type'] : undefined;
  return typeof type === 'string' && jobType.test(type);
};

/** The jobs in the list form of a folder: `"Jobs": [{"Type": "Job:Command", "Name": "Load"}]`. */
const countListedJobs = (jobs: unknown): number => (Array.isArray(jobs) ? jobs.filter(isJob).length : 0);

/** The jobs of a folder and of its subfolders. The definition was read from bounded text: it is no deeper than that allows. */
export const countJobs = (folder: Readonly<Record<string, unknown>>): number =>
  Object.values(folder)
    .filter(isObject)
    .reduce((count, member) => {
      if (isJob(member)) return count + 1;
      return member['Type'] === 'SubFolder' ? count + countJobs(member) : count;
    }, countListedJobs(folder['Jobs']));

/** Throws TOO_LARGE for a text that is too long, INVALID for one with too many jobs. `value` is what `text` says. */
export const definitionFields = (text: string, value: Readonly<Record<string, unknown>>): DefinitionFields => {
  if (new TextEncoder().encode(text).byteLength > definitionBytesMax) {
    throw new AppError('TOO_LARGE', `A definition is at most ${definitionBytesMax} bytes long.`);
  }
  const jobCount = countJobs(value);
  if (jobCount > jobsPerFolderMax) {
    throw new AppError('INVALID', 'The body does not fit this operation.', {
      errors: [{ path: '/definition', message: `must not hold more than ${jobsPerFolderMax} jobs` }],
    });
  }
  return { definition: text, jobCount };
};
