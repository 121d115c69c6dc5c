export type SharedDatabaseStatus = 'not_configured' | 'connecting' | 'ready' | 'unavailable';

/** What a process says of itself at /readyz: 200 when it can do all its work, 503 otherwise, with the reason. */
export interface Readiness {
  readonly isReady: boolean;
  readonly sharedDatabase?: {
    readonly status: SharedDatabaseStatus;
    readonly detail?: string;
    /** Who said where it is. */
    readonly source?: 'environment' | 'installation' | null;
    /** Which address the gateway gave. */
    readonly configurationId?: string | null;
    readonly migrations?: { readonly applied: number; readonly pending: number } | null;
  };
}
