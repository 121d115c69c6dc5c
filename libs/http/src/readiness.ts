export type SharedDatabaseStatus = 'not_configured' | 'connecting' | 'ready' | 'unavailable';

/** The answer of a process at /readyz: 200 when it can do all its work, 503 with the reason otherwise. */
export interface Readiness {
  readonly isReady: boolean;
  /** Why it is not, in words for people, where `sharedDatabase` does not say it. */
  readonly reason?: string;
  /** Parts that do not hold or stand still, though requests are answered: no reason to send them elsewhere. */
  readonly faults?: readonly { readonly name: string; readonly reason: string; readonly since: string }[];
  readonly sharedDatabase?: {
    readonly status: SharedDatabaseStatus;
    readonly detail?: string;
    /** The source of its address: the environment or the gateway. */
    readonly source?: 'environment' | 'installation' | null;
    /** The id of the address that the gateway gave. */
    readonly configurationId?: string | null;
    readonly migrations?: { readonly applied: number; readonly pending: number } | null;
  };
}
