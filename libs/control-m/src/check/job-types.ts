/** A property that a type of job needs, by a name or by one of several. */
export type Requirement = string | readonly [string, ...string[]];

/** The common types of job and what each needs to run. A value may come from `Defaults`. */
const requirements: Readonly<Record<string, readonly Requirement[]>> = {
  'Job:Command': ['Command'],
  'Job:Script': ['FileName', 'FilePath'],
  'Job:EmbeddedScript': ['Script', 'FileName'],
  'Job:Dummy': [],
  'Job:SLAManagement': ['ServiceName'],
  'Job:FileTransfer': ['FileTransfers'],
  'Job:FileWatcher:Create': ['Path'],
  'Job:FileWatcher:Delete': ['Path'],
  'Job:Database': [['ConnectionProfile', 'ConnectionProfile-Centralized']],
  'Job:Database:EmbeddedQuery': ['ConnectionProfile', 'Query'],
  'Job:Database:SQLScript': ['ConnectionProfile', 'SQLScript'],
  'Job:Database:StoredProcedure': ['ConnectionProfile', 'StoredProcedure'],
  'Job:Database:MSSQL:AgentJob': ['ConnectionProfile', ['MSSQL-AgentJob', 'MSSQL_AgentJob', 'JobName']],
  'Job:Database:MSSQL:SSIS': ['ConnectionProfile'],
  'Job:Hadoop:Spark:Python': ['ConnectionProfile', 'SparkScript'],
  'Job:Hadoop:Spark:ScalaJava': ['ConnectionProfile', 'ProgramJar', 'MainClass'],
  'Job:Hadoop:MapReduce': ['ConnectionProfile', 'ProgramJar', 'MainClass'],
  'Job:Hadoop:Hive': ['ConnectionProfile', 'HiveScript'],
  'Job:Hadoop:Pig': ['ConnectionProfile', 'PigScript'],
  'Job:SAP:R3:CREATE': ['ConnectionProfile'],
  'Job:SAP:BW:ProcessChain': ['ConnectionProfile'],
  'Job:Informatica': ['ConnectionProfile'],
  'Job:Informatica CS': ['ConnectionProfile'],
  'Job:AWS:Lambda': ['ConnectionProfile', 'FunctionName'],
  'Job:AWS Lambda': ['ConnectionProfile'],
  'Job:AWS:Batch': ['ConnectionProfile'],
  'Job:AWS:StepFunction': ['ConnectionProfile'],
  'Job:AWS Glue': ['ConnectionProfile'],
  'Job:Azure:Function': ['ConnectionProfile'],
  'Job:Azure:LogicApps': ['ConnectionProfile'],
  'Job:Azure:BatchAccount': ['ConnectionProfile'],
  'Job:ADF': ['ConnectionProfile'],
  'Job:Azure Databricks': ['ConnectionProfile'],
  'Job:GCP Dataflow': ['ConnectionProfile'],
  'Job:GCP BigQuery': ['ConnectionProfile'],
  'Job:Web Services REST': ['ConnectionProfile'],
  'Job:Kubernetes': ['ConnectionProfile'],
  'Job:zOS:Member': ['MemberLibrary'],
  'Job:zOS:InStreamJCL': ['JCL'],
  'Job:OS400:ProgramAPI': ['ProgramLibrary', 'ProgramName'],
  'Job:OS400:CommandLine': ['CommandLine'],
};

/**
 * Families of types that Control-M has, of which nothing more is known: a type is one of them, or begins with one and a colon. Those of the Application
 * Integrator are made by whoever uses them.
 */
const families: readonly string[] = [
  'Job:ApplicationIntegrator',
  'Job:AWS',
  'Job:Azure',
  'Job:FileTransfer',
  'Job:GCP',
  'Job:Hadoop',
  'Job:Informatica',
  'Job:Java',
  'Job:JavaClass',
  'Job:MFT',
  'Job:OS400',
  'Job:PeopleSoft',
  'Job:SAP',
  'Job:Siebel',
  'Job:VMware',
  'Job:WebServices',
  'Job:zOS',
];

/** Integrations that are deployed to Control-M as plug-ins, by the first words of their types. */
const plugIns: readonly string[] = [
  'ADF',
  'Airbyte',
  'Airflow',
  'Alteryx',
  'Ansible',
  'Apache Airflow',
  'Apache NiFi',
  'Apache Oozie',
  'Astronomer',
  'Automation Anywhere',
  'AWS',
  'Azure',
  'Backup',
  'Blue Prism',
  'Boomi',
  'CircleCI',
  'Communication Suite',
  'Databricks',
  'DBT',
  'Fivetran',
  'GCP',
  'IBM',
  'Informatica',
  'Jenkins',
  'Kubernetes',
  'Matillion',
  'Micro Focus',
  'Microsoft',
  'OCI',
  'Oracle',
  'PagerDuty',
  'Power BI',
  'Qlik',
  'RabbitMQ',
  'Rundeck',
  'ServiceNow',
  'Snowflake',
  'SQL Server',
  'SSRS',
  'Stonebranch',
  'Tableau',
  'Talend',
  'Terraform',
  'Trifacta',
  'UI Path',
  'UiPath',
  'Veritas',
  'Web Services',
  'WebServices',
  'Workday',
];

/** Tells whether a text is another one, in any case, or begins with it and a separator: types are written as `Job:zOS` and as `Job:ZOS`. */
const beginsWith = (text: string, start: string, separator: string): boolean =>
  `${text}${separator}`.toLowerCase().startsWith(`${start}${separator}`.toLowerCase());

/** Finds the needs of a type of job; undefined for a type that nothing is known of. */
export const requirementsOf = (type: string): readonly Requirement[] | undefined => {
  const own = requirements[type];
  if (own !== undefined) return own;
  const name = type.slice('Job:'.length);
  const isKnown =
    families.some((family) => beginsWith(type, family, ':')) ||
    plugIns.some((plugIn) => beginsWith(name, plugIn, ' ') || beginsWith(name, plugIn, ':'));
  return isKnown ? [] : undefined;
};

/** The longest values that Control-M keeps, in characters. */
export const lengths: Readonly<Record<string, number>> = {
  Application: 64,
  SubApplication: 64,
  RunAs: 30,
  Host: 50,
  CreatedBy: 30,
  Description: 4_000,
  FileName: 64,
  FilePath: 255,
};

export const nameCharactersMax = 64;
export const eventCharactersMax = 255;
