import type { CommunityPermission, GlobalPermission } from '@guildhall/contracts';

/** Who may call a public route. Every entry of the route table has exactly one rule. */
export type AccessRule =
  /** Anyone. */
  | { readonly kind: 'public' }
  /** Prometheus: this machine, or the metrics token. */
  | { readonly kind: 'metrics' }
  /** This machine's user: a loopback peer without forwarding headers, or the local token. */
  | { readonly kind: 'solo' }
  /** Anyone who is signed in. */
  | { readonly kind: 'authenticated' }
  /** A global permission. */
  | { readonly kind: 'permission'; readonly permission: GlobalPermission }
  /** A permission in the community that the path names as `:communityId`. */
  | { readonly kind: 'community'; readonly permission: CommunityPermission }
  /** Solo for a solo workspace; a permission in the community of a shared one. The path names it as `:workspaceId`. */
  | { readonly kind: 'workspace'; readonly permission: CommunityPermission }
  /** This machine's user, or anyone who is signed in: each sees their own part. */
  | { readonly kind: 'solo-or-authenticated' }
  /**
   * The setup token while nothing is configured; the local token; or a signed-in user with the permission. Being on this
   * machine is not enough.
   */
  | { readonly kind: 'installer'; readonly permission: 'installation:manage' };

export const anyone = { kind: 'public' } as const satisfies AccessRule;
export const localMetrics = { kind: 'metrics' } as const satisfies AccessRule;
export const soloOnly = { kind: 'solo' } as const satisfies AccessRule;
export const signedIn = { kind: 'authenticated' } as const satisfies AccessRule;
export const soloOrSignedIn = { kind: 'solo-or-authenticated' } as const satisfies AccessRule;
export const may = (permission: GlobalPermission): AccessRule => ({ kind: 'permission', permission });
export const inCommunity = (permission: CommunityPermission): AccessRule => ({ kind: 'community', permission });
export const inWorkspace = (permission: CommunityPermission): AccessRule => ({ kind: 'workspace', permission });
export const installer = { kind: 'installer', permission: 'installation:manage' } as const satisfies AccessRule;
