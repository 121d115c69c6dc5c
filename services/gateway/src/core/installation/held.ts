import type {
  Configuration,
  InstallationLog,
  InstallationRecord,
  InstallationRecords,
  InstallationRequest,
  StoredInstallation,
} from './parts.ts';

type Unfinished = Extract<InstallationRecord, { phase: 'configuring' }>;

/** What this gateway holds: nothing, a run that is not finished, or what the services are to use. */
export interface Held {
  /** Reads what an earlier process left. What does not open stays as it is, until another configuration takes its place. */
  load(): void;
  /** The configuration that services should be at; null without one. */
  id(): string | null;
  /** Null also while a run is not finished, or when what lies there does not open. */
  configuration(): Configuration | null;
  unfinished(): Unfinished | null;
  /** False: somebody else was first. */
  claim(configurationId: string, request: InstallationRequest): boolean;
  /** The run succeeded: from now on its request is gone. */
  keep(configuration: Configuration): boolean;
  /** The run failed: back to what was there before, which is answered. */
  takeBack(): Configuration | null;
  /** Forgets where the database is. */
  drop(): boolean;
}

export const createHeld = (records: InstallationRecords, log: InstallationLog): Held => {
  let stored: StoredInstallation | null = null;
  let record: InstallationRecord | null = null;

  const put = (next: InstallationRecord): boolean => {
    const now = records.replace(stored, next);
    if (now === undefined) return false;
    stored = now;
    record = next;
    return true;
  };
  const drop = (): boolean => {
    if (stored !== null && !records.remove(stored)) return false;
    stored = null;
    record = null;
    return true;
  };
  const configuration = (): Configuration | null => (record?.phase === 'configured' ? record : null);
  const unfinished = (): Unfinished | null => (record?.phase === 'configuring' ? record : null);

  return {
    load() {
      stored = records.read();
      try {
        record = stored === null ? null : records.open(stored);
      } catch (error) {
        log.error({ err: error }, 'where the shared database is cannot be opened: bring back the key, or configure again');
      }
    },
    id: () => stored?.configurationId ?? null,
    configuration,
    unfinished,
    claim: (configurationId, request) =>
      put({ phase: 'configuring', configurationId, request, former: unfinished()?.former ?? configuration() }),
    keep: ({ configurationId, addresses }) => put({ phase: 'configured', configurationId, addresses }),
    takeBack() {
      const former = unfinished()?.former ?? null;
      if (former === null) drop();
      else put({ phase: 'configured', configurationId: former.configurationId, addresses: former.addresses });
      return configuration();
    },
    drop,
  };
};
