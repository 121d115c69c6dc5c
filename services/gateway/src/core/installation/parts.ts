import type { DatabaseReport, DatabaseState, InstallationWarning, ServiceName } from '@guildhall/contracts';
import type { StatusOf } from '../availability/availability.ts';

/** The shared database as a caller names it. */
export interface DatabaseAddress {
  readonly databaseUrl: string;
  readonly queueUrl?: string;
}

export interface Administrator {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

export interface InstallationRequest extends DatabaseAddress {
  readonly administrator?: Administrator;
}

/** The address of the shared database for one service: with a role of its own if the rights allow it. */
export interface ServiceAddress {
  readonly databaseUrl: string;
  readonly queueUrl: string;
}
export type ServiceAddresses = Readonly<Record<ServiceName, ServiceAddress>>;

/** The addresses that the services use, under one id. */
export interface Configuration {
  readonly configurationId: string;
  readonly addresses: ServiceAddresses;
}

/** The state that survives a restart: what it takes to finish a run or to roll it back, or the configuration of the services. */
export type InstallationRecord =
  | {
      readonly phase: 'configuring';
      readonly configurationId: string;
      readonly request: InstallationRequest;
      readonly former: Configuration | null;
    }
  | ({ readonly phase: 'configured' } & Configuration);

/** A record as it is stored: its secrets are sealed. */
export interface StoredInstallation {
  readonly configurationId: string;
  readonly phase: InstallationRecord['phase'];
  readonly sealed: string;
}

/** A store of at most one record. */
export interface InstallationRecords {
  read(): StoredInstallation | null;
  /** Throws if it was sealed with another key. */
  open(stored: StoredInstallation): InstallationRecord;
  /** Compare and swap: stores `next` only if `from` is stored now. Undefined: another process was first. */
  replace(from: StoredInstallation | null, next: InstallationRecord): StoredInstallation | undefined;
  /** Compare and swap: deletes the record if `from` is stored now. False: another process was first. */
  remove(from: StoredInstallation): boolean;
}

/** The internal routes of the services. Each call throws SERVICE_UNAVAILABLE if its service does not answer. */
export interface InstallationServices {
  databaseState(service: ServiceName): Promise<DatabaseState>;
  /** Makes it migrate its schema and connect. Idempotent. Throws CONFLICT if its environment names the database. */
  connect(service: ServiceName, configuration: Configuration): Promise<DatabaseState>;
  /** Throws CONFLICT if its environment names the database. */
  disconnect(service: ServiceName): Promise<DatabaseState>;
  /** Both throw SHARED_DB_UNAVAILABLE or NOT_CONFIGURED while auth is not connected. */
  hasOwner(): Promise<boolean>;
  /** Throws WEAK_PASSWORD, INVALID or CONFLICT for an account that cannot be made. Changes nothing if there is an owner. */
  makeOwner(administrator: Administrator): Promise<{ readonly isNew: boolean }>;
}

/** Tests and prepares databases, with the rights of the address that it is given. */
export interface Installer {
  /** Changes nothing. Never throws for an unusable database: its faults are in the report. */
  testDatabase(
    address: DatabaseAddress,
    migrationsExpected: Readonly<Record<string, readonly string[]>>,
  ): Promise<DatabaseReport>;
  /** Creates roles and schemas that do not exist yet. */
  prepareDatabase(
    address: DatabaseAddress,
  ): Promise<{ readonly urls: ServiceAddresses; readonly warnings: readonly InstallationWarning[] }>;
}

export interface InstallationLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface InstallationParts {
  /** Null: this gateway has no services. */
  readonly services: InstallationServices | null;
  readonly installer: Installer;
  readonly records: InstallationRecords;
  /** The last known status of each service, as it reported it. */
  readonly statusOf: StatusOf;
  /** Polls a service at once. */
  readonly refresh: (service: ServiceName) => void;
  /** The setup token, by which someone without an account configures. Both calls are idempotent. */
  readonly setup: { open(): void; close(): void };
  readonly newId: () => string;
  readonly now: () => Date;
  /** Waits, no longer than until `signal` aborts. Never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: InstallationLog;
}
