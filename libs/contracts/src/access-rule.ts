import type { AccessScope } from './errors-of.ts';
import type { CommunityPermission, GlobalPermission } from './permissions.ts';

/** The access rule of a public route: who may call it through the gateway. */
export type PublicAccessRule =
  | {
      readonly kind: Extract<
        AccessScope,
        'public' | 'metrics' | 'solo' | 'authenticated' | 'solo-or-authenticated' | 'solo-and-authenticated'
      >;
    }
  /** A global permission. */
  | { readonly kind: 'permission'; readonly permission: GlobalPermission }
  /** This machine's user, who sees what lies on it; or a global permission. */
  | { readonly kind: 'solo-or-permission'; readonly permission: GlobalPermission }
  /** A permission in the community that the path names as `:communityId`. */
  | { readonly kind: 'community'; readonly permission: CommunityPermission }
  /** Solo for a solo workspace; a permission in the community of a shared one. The path names it as `:workspaceId`. */
  | { readonly kind: 'workspace'; readonly permission: CommunityPermission }
  /**
   * The setup token while nothing is configured; the local token; or a signed-in user with the permission. Being on this
   * machine is not enough.
   */
  | { readonly kind: 'installer'; readonly permission: 'installation:manage' };

/**
 * The access rule of a route of a service behind the gateway: callers are anyone who reaches it (`public`), a principal that the
 * gateway signed, a client without a session whose address it signed (`anonymous`), another service of the installation, the
 * gateway alone, or Prometheus (`metrics`).
 */
export interface InternalAccessRule {
  readonly kind: 'public' | 'principal' | 'anonymous' | 'service' | 'gateway' | 'metrics';
}

/** The access rule of a route: who may call it. Every route of every process has exactly one. */
export type AccessRule = PublicAccessRule | InternalAccessRule;
