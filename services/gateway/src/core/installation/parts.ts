import type { DatabaseReport, DatabaseState, InstallationWarning, ServiceName } from '@guildhall/contracts';
import type { Availability } from '../availability/availability.ts';

/** Where a shared database is, as a caller says it. */
export interface Address {
  readonly databaseUrl: string;
  readonly queueUrl?: string;
}

export interface Administrator {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

export interface InstallationRequest extends Address {
  readonly administrator?: Administrator;
}

/** Where the shared database is for one service: by a role of its own where rights allow it. */
export interface ServiceAddress {
  readonly databaseUrl: string;
  readonly queueUrl: string;
}
export type ServiceAddresses = Readonly<Record<ServiceName, ServiceAddress>>;

/** What the services are told to use. */
export interface Configuration {
  readonly configurationId: string;
  readonly addresses: ServiceAddresses;
}

/** What survives a restart: all that it takes to finish a run or to take it back, or what the services are to use. */
export type InstallationRecord =
  | {
      readonly phase: 'configuring';
      readonly configurationId: string;
      readonly request: InstallationRequest;
      readonly former: Configuration | null;
    }
  | ({ readonly phase: 'configured' } & Configuration);

/** A record as it lies there. What is secret in it is sealed. */
export interface StoredInstallation {
  readonly configurationId: string;
  readonly phase: InstallationRecord['phase'];
  readonly sealed: string;
}

/** Holds at most one record. */
export interface InstallationRecords {
  read(): StoredInstallation | null;
  /** Throws when it was sealed by another key. */
  open(stored: StoredInstallation): InstallationRecord;
  /** Compare and swap: stores `next` only where `from` is what lies there. Undefined: somebody else was first. */
  replace(from: StoredInstallation | null, next: InstallationRecord): StoredInstallation | undefined;
  /** The same, leaving nothing. */
  remove(from: StoredInstallation): boolean;
}

/** The services, as the installation talks to them. Each call throws SERVICE_UNAVAILABLE when its service does not answer. */
export interface InstallationServices {
  databaseState(service: ServiceName): Promise<DatabaseState>;
  /** Has it migrate and use its part; the same configuration again changes nothing. Throws CONFLICT where the environment rules. */
  connect(service: ServiceName, configuration: Configuration): Promise<DatabaseState>;
  /** Throws CONFLICT where the environment rules. */
  disconnect(service: ServiceName): Promise<DatabaseState>;
  /** Both throw SHARED_DB_UNAVAILABLE or NOT_CONFIGURED while auth is not connected. */
  hasOwner(): Promise<boolean>;
  /** Throws UNPROCESSABLE, INVALID or CONFLICT when these cannot become an account. Where there is an owner nothing changes. */
  makeOwner(administrator: Administrator): Promise<{ readonly isNew: boolean }>;
}

/** Looks at databases and prepares them, with the rights of the address it is given. */
export interface Installer {
  /** Never throws for a bad database: its faults are in the report. Changes nothing. */
  testDatabase(address: Address, migrationsExpected: Readonly<Record<string, readonly string[]>>): Promise<DatabaseReport>;
  /** Makes roles and schemas, or leaves them as they are where they are there. */
  prepareDatabase(
    address: Address,
  ): Promise<{ readonly urls: ServiceAddresses; readonly warnings: readonly InstallationWarning[] }>;
}

export interface InstallationLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface InstallationParts {
  /** Null: this gateway runs without services. */
  readonly services: InstallationServices | null;
  readonly installer: Installer;
  readonly records: InstallationRecords;
  /** What each service last said of itself. */
  readonly lookAt: (service: ServiceName) => Availability;
  /** Looks at a service at once. */
  readonly nudge: (service: ServiceName) => void;
  /** What lets someone without an account configure: both may be called again and again. */
  readonly setup: { open(): void; close(): void };
  readonly newId: () => string;
  readonly now: () => Date;
  /** Waits; less when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: InstallationLog;
}
