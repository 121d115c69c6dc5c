import type { AccessScope, CommunityPermission, GlobalPermission } from '@guildhall/contracts';

/** The access rule of a public route: who may call it. Every entry of the route table has exactly one. */
export type AccessRule =
  | { readonly kind: Extract<AccessScope, 'public' | 'metrics' | 'solo' | 'authenticated' | 'solo-or-authenticated'> }
  /** A global permission. */
  | { readonly kind: 'permission'; readonly permission: GlobalPermission }
  /** A permission in the community that the path names as `:communityId`. */
  | { readonly kind: 'community'; readonly permission: CommunityPermission }
  /** Solo for a solo workspace; a permission in the community of a shared one. The path names it as `:workspaceId`. */
  | { readonly kind: 'workspace'; readonly permission: CommunityPermission }
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
export const installer = { kind: 'installer', permission: 'installation:manage' } as const satisfies AccessRule;
