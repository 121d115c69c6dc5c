export type StackServiceName = 'auth' | 'team-resources' | 'audit' | 'gateway';

export interface StackOptions {
  /** Holds everything that the stack keeps: database, keys, logs, mails, the solo file. */
  readonly dataFolder: string;
  /** Wanted ports; 0 or absent takes a free one. A taken one is replaced, and said so. */
  readonly ports?: Partial<Record<StackServiceName | 'postgres', number>>;
  /** Use this server instead of the embedded PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  /** Nobody tells the services where it is: it is connected by HTTP. */
  readonly isConnectedLater?: boolean | undefined;
  /** Use this queue instead of one in the database. */
  readonly queueUrl?: string | undefined;
  /** Environment of every service, over what the stack sets itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** False for tests: a crash of the machine may lose data. */
  readonly isDurable?: boolean;
  /** Prints one line per step. */
  readonly onNote?: (line: string) => void;
  /** Ends the start. */
  readonly signal?: AbortSignal;
}
