import type { ControlMLink } from '@guildhall/contracts';
import { factsOf, jobsIn, type JobFacts } from '@guildhall/control-m';
import { decodeCursor, encodeCursor, pageRequest, toPage, type Page, type PageQuery } from '@guildhall/resources';
import type { ScriptSummary } from '@guildhall/contracts';
import type { WorkspaceStore } from '../workspace-store.ts';
import type { WorkspaceModel } from './workspace-model.ts';

export interface FoundJob extends JobFacts {
  readonly folderId: string | null;
}

/** All jobs of a workspace, by path. */
export const jobsOfWorkspace = ({ folderModels, looseJobs, defaultsOf }: WorkspaceModel): readonly FoundJob[] =>
  [
    ...folderModels.flatMap(({ row, container, defaults }) =>
      (container === undefined ? [] : jobsIn(container)).map((job) => ({ ...factsOf(job, defaults), folderId: row.id })),
    ),
    ...looseJobs.map((job) => ({ ...factsOf(job, defaultsOf(job)), folderId: null })),
  ].toSorted((one, other) => (one.path < other.path ? -1 : 1));

export type JobQuery = PageQuery & JobFilters;

export interface LinkQuery extends PageQuery {
  readonly scriptId?: string;
  readonly state?: 'linked' | 'dangling';
}

interface JobFilters {
  readonly q?: string;
  readonly type?: string;
  readonly host?: string;
  readonly runAs?: string;
  readonly application?: string;
  readonly event?: string;
  readonly calendar?: string;
  readonly variable?: string;
  readonly script?: string;
}

const same = (value: string | null, sought: string): boolean => value?.toLowerCase() === sought.toLowerCase();
const among = (values: readonly string[], sought: string): boolean => values.some((value) => same(value, sought));
const contains = (value: string | null, sought: string): boolean => value?.toLowerCase().includes(sought.toLowerCase()) ?? false;

/** The test of each filter. */
const tests: { readonly [Filter in keyof JobFilters]-?: (job: FoundJob, sought: string) => boolean } = {
  q: ({ path, description, command }, sought) => [path, description, command].some((value) => contains(value, sought)),
  type: ({ type }, sought) => same(type, sought) || type.toLowerCase().startsWith(`${sought.toLowerCase()}:`),
  host: ({ host }, sought) => same(host, sought),
  runAs: ({ runAs }, sought) => same(runAs, sought),
  application: ({ application }, sought) => same(application, sought),
  event: ({ waitsFor, adds, deletes }, sought) => among([...waitsFor, ...adds, ...deletes], sought),
  calendar: ({ calendars }, sought) => among(calendars, sought),
  variable: ({ variables }, sought) => among(variables, sought),
  script: ({ fileName }, sought) => same(fileName, sought),
};
const filterNames = Object.keys(tests) as (keyof JobFilters)[];

/** The jobs that pass every filter. */
export const filterJobs = (jobs: readonly FoundJob[], filters: JobFilters): readonly FoundJob[] =>
  jobs.filter((job) =>
    filterNames.every((name) => {
      const sought = filters[name];
      return sought === undefined || tests[name](job, sought);
    }),
  );

/** A page of things by their paths. Two of one path stay together at most by chance: paths of a workspace are unique but for loose jobs. */
export const pageByPath = <T extends { readonly path: string }>(things: readonly T[], query: PageQuery): Page<T> => {
  const { limit, after } = pageRequest(query, (cursor) => decodeCursor(cursor, 1)[0] ?? '');
  const rest = after === null ? things : things.filter(({ path }) => path > after);
  return toPage(rest.slice(0, limit), query, ({ path }) => encodeCursor([path]));
};

const scriptsPerRead = 1_000;
const noFilters = { q: null, language: null, tag: null, changedSince: null, changedBy: null };

/** All scripts of a workspace, without their contents. */
export const allScripts = async (
  { scripts }: Pick<WorkspaceStore, 'scripts'>,
  userId: string,
  workspaceId: string,
): Promise<readonly ScriptSummary[]> => {
  const found: ScriptSummary[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last === undefined ? null : { key: last.createdAt, id: last.id };
    const page = { limit: scriptsPerRead, after };
    const scan = await scripts.list(userId, workspaceId, { filters: noFilters, sort: 'newest', page, state: null });
    found.push(...(scan?.rows ?? []));
    if (scan === undefined || scan.rows.length < scriptsPerRead) return found;
  }
};

/** The file name and the path as one, with `/` between the parts. */
const fullPathOf = (fileName: string, filePath: string | null): string =>
  `${filePath ?? ''}/${fileName}`.replaceAll(/[\\/]+/g, '/');

/** The script that a job runs: of its full path, or of the end of it; of two, the one that is told more exactly. */
const scriptOf = (scripts: ReadonlyMap<string, string>, fullPath: string): string | null => {
  const parts = fullPath.split('/').filter((part) => part !== '');
  for (let from = 0; from < parts.length; from += 1) {
    const id = scripts.get(parts.slice(from).join('/'));
    if (id !== undefined) return id;
  }
  return null;
};

const scriptKey = (name: string): string =>
  name
    .split(/[\\/]+/)
    .filter((part) => part !== '')
    .join('/');

/** The jobs that run scripts, with the scripts of the workspace that they run. */
export const linksOf = (jobs: readonly FoundJob[], scripts: readonly ScriptSummary[]): readonly ControlMLink[] => {
  const ids = new Map(scripts.map(({ name, id }) => [scriptKey(name), id]));
  return jobs.flatMap(({ path, folderId, type, fileName, filePath }) => {
    // A script that stands in its job is looked for nowhere else.
    if (fileName === null || type === 'Job:EmbeddedScript') return [];
    return [{ path, folderId, fileName, filePath, scriptId: scriptOf(ids, fullPathOf(fileName, filePath)) }];
  });
};
