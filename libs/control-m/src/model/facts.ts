import { itemsOf, memberOf, membersOf, textOf, type JsonNode, type ObjectNode } from '../json/nodes.ts';
import type { Job } from './objects.ts';
import { resolveProperty, resolveText } from './resolve.ts';

/** The facts that tables and searches show of a job, with what it takes from its folder and from `Defaults`. */
export interface JobFacts {
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly host: string | null;
  readonly runAs: string | null;
  readonly application: string | null;
  readonly subApplication: string | null;
  readonly description: string | null;
  readonly command: string | null;
  /** The script that it runs, by file name and path. */
  readonly fileName: string | null;
  readonly filePath: string | null;
  readonly connectionProfile: string | null;
  readonly waitsFor: readonly string[];
  readonly adds: readonly string[];
  readonly deletes: readonly string[];
  readonly calendars: readonly string[];
  readonly variables: readonly string[];
  readonly resources: readonly string[];
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

const textsOf = (node: JsonNode | undefined): readonly string[] => itemsOf(node).flatMap((item) => textOf(item) ?? []);

/** The members of `When` that name calendars. */
const calendarMember = /Calendars?$/;

/** The calendars of a `When`: texts, lists of texts, and lists of those that are included or excluded. */
const calendarsOf = (when: JsonNode | undefined): readonly string[] =>
  membersOf(when)
    .filter(({ name }) => calendarMember.test(name))
    .flatMap(({ value }) => [
      ...(value.kind === 'text' ? [value.value] : []),
      ...textsOf(value),
      ...textsOf(memberOf(value, 'Included')),
      ...textsOf(memberOf(value, 'Excluded')),
      ...[textOf(memberOf(value, 'Calendar')) ?? []].flat(),
    ])
    .filter((name) => name !== parentCalendars);

/** Stands for the calendars of the folder. */
const parentCalendars = 'USE PARENT';

/** The names of `Variables`: a list of objects of one member each. */
const variablesOf = (variables: JsonNode | undefined): readonly string[] =>
  itemsOf(variables).flatMap((item) => membersOf(item).map(({ name }) => name));

const eventNames = (uses: Job['waitsFor']): readonly string[] => unique(uses.map(({ event }) => event));

/** The properties that name the script of a job with its path, by the type of the job. */
const scriptPaths: Readonly<Record<string, string>> = {
  'Job:Database:SQLScript': 'SQLScript',
  'Job:Hadoop:Hive': 'HiveScript',
  'Job:Hadoop:Pig': 'PigScript',
  'Job:Hadoop:Spark:Python': 'SparkScript',
};

/** The script that a job runs, by file name and path: in two properties, or in the one of its type. */
const scriptOf = (job: Job, text: (property: string) => string | null): Pick<JobFacts, 'fileName' | 'filePath'> => {
  const property = scriptPaths[job.type];
  const whole = property === undefined ? null : text(property);
  if (whole === null) return { fileName: text('FileName'), filePath: text('FilePath') };
  const at = Math.max(whole.lastIndexOf('/'), whole.lastIndexOf('\\'));
  return { fileName: whole.slice(at + 1), filePath: at === -1 ? null : whole.slice(0, Math.max(at, 1)) };
};

export const factsOf = (job: Job, defaults: ObjectNode | undefined): JobFacts => {
  const text = (property: string) => resolveText(job, property, defaults);
  return {
    path: job.path,
    name: job.name,
    type: job.type,
    host: text('Host'),
    runAs: text('RunAs'),
    application: text('Application'),
    subApplication: text('SubApplication'),
    description: text('Description'),
    command: text('Command'),
    ...scriptOf(job, text),
    connectionProfile: text('ConnectionProfile'),
    waitsFor: eventNames(job.waitsFor),
    adds: eventNames(job.adds),
    deletes: eventNames(job.deletes),
    calendars: unique(calendarsOf(resolveProperty(job, 'When', defaults)?.value)),
    variables: unique(variablesOf(resolveProperty(job, 'Variables', defaults)?.value)),
    resources: unique(job.resources),
  };
};
