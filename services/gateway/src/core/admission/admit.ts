import { AppError, isAppError } from '@guildhall/errors';
import {
  communityRoleMay,
  type CommunityPermission,
  type CommunityRole,
  type PublicContract,
  type ServiceName,
} from '@guildhall/contracts';
import type { AccessRule } from './access-rule.ts';
import { refusalFor, type Availability } from '../availability/availability.ts';

/** A signed-in user, as the access token says. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
  readonly displayName: string;
  readonly email: string;
  readonly permissions: readonly string[];
}

/** What admission reads of a request. */
export interface Visit {
  /** What it asks for: a denial is audited by it. */
  readonly contract: Pick<PublicContract, 'action' | 'subject' | 'confirmsRight'>;
  readonly access: AccessRule;
  readonly service: ServiceName;
  /** Whose view of the shared database must be good before anything else is asked; null: it does without. */
  readonly requiresSharedDb: ServiceName | null;
  /** Whether guesses at secrets are counted apart, and tighter. */
  readonly isSignIn: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
  readonly ip: string;
}

/** What admission finds out; each step adds its part for those after it. */
export interface Admitted {
  caller: Caller | null;
  /** Permissions held in the community of this request, as `permission@communityId`. */
  communityPermissions: readonly string[];
}

/** Who was let in, and whether they would be again: it is asked of answers that have no end of their own. */
export interface Visitor extends Admitted {
  readonly isStillAdmitted: () => Promise<boolean>;
}

export interface CommunityAccess {
  readonly communityId: string;
  /** Null for someone who does not belong to it. */
  readonly role: CommunityRole | null;
}

export interface AdmissionParts {
  readonly availabilityOf: (service: ServiceName) => Availability;
  /** Throws UNAUTHENTICATED for a token that is not good, SERVICE_UNAVAILABLE when that cannot be told. */
  readonly verifyToken: (token: string) => Promise<Caller>;
  /**
   * The caller with the permissions that they hold at this moment. Throws UNAUTHENTICATED once the session has ended,
   * SERVICE_UNAVAILABLE when that cannot be told.
   */
  readonly confirmCaller: (caller: Caller) => Promise<Caller>;
  /** As `accessInCommunity`, never from a cache. */
  readonly currentAccessInCommunity: (userId: string, communityId: string) => Promise<CommunityAccess | null>;
  /** Both answer null when there is no such thing. At most two seconds old. */
  readonly accessInCommunity: (userId: string, communityId: string) => Promise<CommunityAccess | null>;
  readonly accessToWorkspace: (userId: string, workspaceId: string) => Promise<CommunityAccess | null>;
  /** Seconds to wait when the key has spent what the limit allows, otherwise null. */
  readonly spend: (limit: 'sign-in' | 'request', key: string) => number | null;
  readonly reportDenial: (visit: Visit, caller: Caller, access: CommunityAccess | null) => void;
}

type AdmitStep = (parts: AdmissionParts, visit: Visit, admitted: Admitted) => Promise<void>;

const requireSharedDatabase: AdmitStep = async ({ availabilityOf }, { requiresSharedDb }) => {
  const refusal = requiresSharedDb === null ? undefined : refusalFor(availabilityOf(requiresSharedDb));
  if (refusal !== undefined) throw refusal;
};

const authenticate: AdmitStep = async ({ verifyToken }, { access, token }, admitted) => {
  if (access.kind === 'public') return;
  if (token === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
  admitted.caller = await verifyToken(token);
};

const spendRateLimit: AdmitStep = async ({ spend }, { isSignIn, ip }, { caller }) => {
  const wait = isSignIn ? spend('sign-in', ip) : spend('request', caller?.userId ?? ip);
  if (wait !== null)
    throw new AppError('RATE_LIMITED', `Too many requests. Try again in ${wait} s.`, { retryAfterSeconds: wait });
};

/** Reads the permissions anew for an operation that cannot be taken back: a token may be five minutes old. */
const confirmRight: AdmitStep = async ({ confirmCaller }, { contract }, admitted) => {
  const { caller } = admitted;
  if (contract.confirmsRight === true && caller !== null) admitted.caller = await confirmCaller(caller);
};

/** The parameter of the path that a rule reads. Throws where the path has none: a fault of the route table. */
const parameterOf = ({ params }: Visit, name: 'communityId' | 'workspaceId'): string => {
  const value = params[name];
  if (value === undefined) throw new Error(`The path of this route names no :${name}, which its access rule needs.`);
  return value;
};

const requirePermission: AdmitStep = async (parts, visit, admitted) => {
  const { access } = visit;
  const { caller } = admitted;
  if (caller === null) return;
  if (access.kind === 'permission' && !caller.permissions.includes(access.permission)) {
    parts.reportDenial(visit, caller, null);
    throw forbidden(access.permission);
  }
  if (access.kind === 'community') {
    const find = visit.contract.confirmsRight === true ? parts.currentAccessInCommunity : parts.accessInCommunity;
    const community = await find(caller.userId, parameterOf(visit, 'communityId'));
    requireCommunityPermission(parts, visit, admitted, caller, community, access.permission);
  }
  if (access.kind === 'workspace') {
    const community = await parts.accessToWorkspace(caller.userId, parameterOf(visit, 'workspaceId'));
    requireCommunityPermission(parts, visit, admitted, caller, community, access.permission);
  }
};

/** The order is part of the contract: what is unavailable is said before anyone is asked who they are. */
export const admitSteps: readonly AdmitStep[] = [
  requireSharedDatabase,
  authenticate,
  spendRateLimit,
  confirmRight,
  requirePermission,
];

/** Runs every step; the first that refuses throws the AppError that the caller gets. */
export const admit = async (parts: AdmissionParts, visit: Visit): Promise<Admitted> => {
  const admitted: Admitted = { caller: null, communityPermissions: [] };
  for (const step of admitSteps) await step(parts, visit, admitted);
  return admitted;
};

/** What ends the stay of somebody who was let in. A service that cannot tell right now does not. */
const ends: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'NOT_CONFIGURED']);

/** Whether a visit that was let in would be again; it spends nothing and is not told of. */
export const isStillAdmitted = async (parts: AdmissionParts, visit: Visit): Promise<boolean> => {
  try {
    await admit({ ...parts, spend: () => null, reportDenial: () => {} }, visit);
    return true;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return !ends.has(error.code);
  }
};

/**
 * Members are told what they may not do. Strangers are told that there is nothing, in the words that are said where there
 * really is nothing: no one learns from a refusal what exists.
 */
const requireCommunityPermission = (
  parts: AdmissionParts,
  visit: Visit,
  admitted: Admitted,
  caller: Caller,
  community: CommunityAccess | null,
  permission: CommunityPermission,
): void => {
  if (community === null || community.role === null)
    throw new AppError('NOT_FOUND', 'There is nothing at this address, or it is not for you to see.');
  if (!communityRoleMay(community.role, permission)) {
    parts.reportDenial(visit, caller, community);
    throw forbidden(permission);
  }
  admitted.communityPermissions = [`${permission}@${community.communityId}`];
};

const forbidden = (permission: string): AppError =>
  new AppError('FORBIDDEN', `This needs the permission ${permission}, which your role does not hold.`);
