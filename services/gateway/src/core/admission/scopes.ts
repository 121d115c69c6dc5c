import type { CommunityPermission, GlobalPermission, PublicContract, PublicAccessRule } from '@guildhall/contracts';
import { anyone, installer, signedIn, soloAndSignedIn, soloOnly, soloOrSignedIn } from './access-rule.ts';

/** A contract with the rule that says who may call it. */
export interface ScopedRoute {
  readonly contract: PublicContract;
  readonly access: PublicAccessRule;
}

/** Contracts of one scope, by name: a group, or a part of one. */
type Contracts<C extends PublicContract> = Readonly<Record<string, C>>;
type OpenContract = PublicContract & { readonly permission?: undefined };
type GuardedContract<P> = PublicContract & { readonly permission: P };

const scoped = <C extends PublicContract>(
  contracts: Contracts<C>,
  ruleOf: (contract: C) => PublicAccessRule,
): readonly ScopedRoute[] => Object.values(contracts).map((contract) => ({ contract, access: ruleOf(contract) }));

/** Routes that anyone may call. */
export const open = (contracts: Contracts<OpenContract>) => scoped(contracts, () => anyone);

/** Routes of this machine's user. */
export const solo = (contracts: Contracts<OpenContract>) => scoped(contracts, () => soloOnly);

/** Routes of anyone who is signed in. */
export const forUsers = (contracts: Contracts<OpenContract>) => scoped(contracts, () => signedIn);

/** Routes of this machine's user and of anyone who is signed in. */
export const soloOrForUsers = (contracts: Contracts<OpenContract>) => scoped(contracts, () => soloOrSignedIn);

/** Routes of this machine's user, when they are signed in, too. */
export const soloAndForUsers = (contracts: Contracts<OpenContract>) => scoped(contracts, () => soloAndSignedIn);

/** Routes of whoever may set the installation up. */
export const forInstallers = (contracts: Contracts<GuardedContract<'installation:manage'>>) => scoped(contracts, () => installer);

/** Routes that need their global permission. */
export const withPermission = (contracts: Contracts<GuardedContract<GlobalPermission>>) =>
  scoped(contracts, ({ permission }) => ({ kind: 'permission', permission }));

/** Routes of this machine's user, and of whoever has their global permission. */
export const soloOrWithPermission = (contracts: Contracts<GuardedContract<GlobalPermission>>) =>
  scoped(contracts, ({ permission }) => ({ kind: 'solo-or-permission', permission }));

/** Routes that need their permission in the community of the path. */
export const inCommunity = (contracts: Contracts<GuardedContract<CommunityPermission>>) =>
  scoped(contracts, ({ permission }) => ({ kind: 'community', permission }));

/** Routes that need their permission in the community of the path's workspace, unless it is a solo one. */
export const inWorkspace = (contracts: Contracts<GuardedContract<CommunityPermission>>) =>
  scoped(contracts, ({ permission }) => ({ kind: 'workspace', permission }));
