/** Documents as a large installation has them, made from a number: of every kind of job, layout and trait that is understood. */

/** The kinds of job, two of them unknown to the checks. */
export const jobTypes = [
  'Job:Command',
  'Job:Script',
  'Job:EmbeddedScript',
  'Job:Dummy',
  'Job:SLAManagement',
  'Job:FileTransfer',
  'Job:FileWatcher:Create',
  'Job:FileWatcher:Delete',
  'Job:Database:EmbeddedQuery',
  'Job:Database:SQLScript',
  'Job:Database:StoredProcedure',
  'Job:Database:MSSQL:AgentJob',
  'Job:Database:MSSQL:SSIS',
  'Job:Hadoop:Spark:Python',
  'Job:Hadoop:Spark:ScalaJava',
  'Job:Hadoop:MapReduce',
  'Job:Hadoop:Hive',
  'Job:Hadoop:Pig',
  'Job:SAP:R3:CREATE',
  'Job:SAP:BW:ProcessChain',
  'Job:Informatica',
  'Job:AWS:Lambda',
  'Job:AWS Glue',
  'Job:Azure:Function',
  'Job:Azure Databricks',
  'Job:GCP Dataflow',
  'Job:Web Services REST',
  'Job:Kubernetes',
  'Job:zOS:Member',
  'Job:OS400:CommandLine',
  'Job:ApplicationIntegrator:Robot',
  'Job:UserApp Ünïcode',
  'Job',
] as const;

export const folderCount = 134;
export const jobCount = 402;
const foldersPerDocument = 7;
const jobsPerFolder = jobCount / folderCount;

const scheduleOf = (n: number): object => ({
  When: { WeekDays: ['MON', 'TUE'], FromTime: '0100', RuleBasedCalendars: { Included: [`CAL_${n % 5}`] } },
});

/** The traits of a job beside its type, by its number. */
const traitsOf = (n: number): object => ({
  ...(n % 2 === 0 ? scheduleOf(n) : {}),
  ...(n % 3 === 0 ? { Variables: [{ DAY: `%%ODATE-${n}` }, { 'quote"d\\': '\\\\server\\share' }] } : {}),
  ...(n % 4 === 0
    ? {
        [`IfBase:Folder:CompletionStatus_${n}`]: {
          Type: 'If:CompletionStatus',
          CompletionStatus: 'NOTOK',
          Mail_0: { Type: 'Action:Mail', To: 'ops@example.test' },
        },
      }
    : {}),
  ...(n % 5 === 0 ? { slots: { Type: 'Resource:Pool', Quantity: '1' } } : {}),
  ...(n > 0 ? { in: { Type: 'WaitForEvents', Events: [{ Event: `done-${n - 1}`, Date: 'OrderDate' }] } } : {}),
  out: { Type: 'AddEvents', Events: [{ Event: `done-${n}` }] },
});

const jobOf = (n: number): object => ({
  Type: jobTypes[n % jobTypes.length],
  Host: `host-${n % 9}`,
  FileName: `job-${n}.sh`,
  FilePath: '/opt/bin',
  Description: 'Grüße 🦉 "quoted" \\ and a tab\t.',
  Priority: n / 2,
  ...traitsOf(n),
});

const folderOf = (folder: number): object => {
  const numbers = Array.from({ length: jobsPerFolder }, (_, job) => folder * jobsPerFolder + job);
  const [first, ...others] = numbers.map((n) => [`J_${n}`, jobOf(n)] as const);
  const inner = folder % 3 === 0 ? { Sub: { Type: 'SubFolder', ...Object.fromEntries(others) } } : Object.fromEntries(others);
  return {
    Type: folder % 4 === 0 ? 'SimpleFolder' : 'Folder',
    ControlmServer: 'ctm',
    Application: `APP_${folder % 11}`,
    ...(first === undefined ? {} : { [first[0]]: first[1] }),
    ...inner,
    Order: { Type: 'Flow', Sequence: folder % 3 === 0 ? [first?.[0], 'Sub'] : numbers.map((n) => `J_${n}`) },
  };
};

/** The layouts in which people and tools write JSON. */
const layouts: readonly ((value: object) => string)[] = [
  (value) => `${JSON.stringify(value, null, 2)}\n`,
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n'),
  (value) => `\u{feff}// Written by hand.\n${JSON.stringify(value, null, 4)}\n`,
  (value) => `/* No outer braces. */\n${JSON.stringify(value, null, 2).slice(1, -1)}`,
  (value) => `${JSON.stringify(value, null, 2).replace(/\n\}$/, ',\n}')}   \n`,
];

/** All documents: together `folderCount` folders with `jobCount` jobs. */
export const generatedDocuments = (): readonly { readonly name: string; readonly text: string }[] =>
  Array.from({ length: Math.ceil(folderCount / foldersPerDocument) }, (_, document) => {
    const from = document * foldersPerDocument;
    const count = Math.min(foldersPerDocument, folderCount - from);
    const folders = Array.from({ length: count }, (_unused, n) => [`F_${from + n}`, folderOf(from + n)] as const);
    const defaults = document % 2 === 0 ? { Defaults: { RunAs: 'batch', Job: { OrderMethod: 'Automatic' } } } : {};
    const layout = layouts[document % layouts.length] ?? JSON.stringify;
    return {
      name: `area-${document % 3}/${String(document).padStart(2, '0')}.json`,
      text: layout({ ...defaults, ...Object.fromEntries(folders) }),
    };
  });
