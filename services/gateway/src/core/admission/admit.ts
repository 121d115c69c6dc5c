import { AppError, isAppError } from '@guildhall/errors';
import { networkOf } from '@guildhall/resources';
import {
  communityRoleMay,
  tokenMayCall,
  type CommunityPermission,
  type HeldRole,
  type PublicContract,
  type ServiceName,
  type PublicAccessRule,
} from '@guildhall/contracts';
import { refuseIf } from './refresh-limit.ts';
import { refusalFor, type Availability } from '../availability/availability.ts';

/** A signed-in user, as named by the claims of the access token. */
export interface SignedInUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly displayName: string;
  readonly email: string;
  readonly permissions: readonly string[];
  /** The permissions of the token that the request came with: a personal access token, whose id is then the `sessionId`, or one of an outside issuer, with the id of the connection. Absent for a session. */
  readonly tokenPermissions?: readonly string[];
}

/**
 * The rate limit of a route: `request` by user, or by network without one; `sign-in`, tighter, for guesses at secrets, by network.
 * `refresh` and `installation` are spent where the credentials are read, not by these steps.
 */
export type RouteRateLimit = 'request' | 'sign-in' | 'refresh' | 'installation';

/** Spends one request of a limit. Returns the whole seconds to wait if the key is over it, otherwise null. */
export type SpendRate = (limit: RouteRateLimit | 'refused-refresh', key: string) => number | null;

/** The parts of a request that admission control reads. */
export interface AdmissionRequest {
  /** The contract of the route: a denial is audited with its action and subject. */
  readonly contract: Pick<PublicContract, 'action' | 'subject' | 'confirmsRight' | 'method' | 'permission' | 'tokenPermission'>;
  readonly access: PublicAccessRule;
  readonly service: ServiceName;
  /** The service whose shared database must be ready; null if the route works without. */
  readonly requiresSharedDb: ServiceName | null;
  readonly rateLimit: RouteRateLimit;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
  readonly ip: string;
}

/** The result of admission. Each step adds its part for the steps after it. */
export interface Admitted {
  caller: SignedInUser | null;
  /** Permissions held in the community of this request, as `permission@communityId`. */
  communityPermissions: readonly string[];
}

/** An admitted request that can be admitted again while its answer, an event stream, is open. */
export interface AdmittedRequest extends Admitted {
  readonly isStillAdmitted: () => Promise<boolean>;
}

export interface CommunityAccess {
  readonly communityId: string;
  /** Null for someone who does not belong to it. */
  readonly role: HeldRole | null;
}

export interface AdmissionParts {
  readonly availabilityOf: (service: ServiceName) => Availability;
  /**
   * Undefined if it is known how the service is. After the start of the gateway it resolves as soon as it is, and after `atMostMs`, or else
   * fifteen seconds from the start, at the latest. Throws SERVICE_UNAVAILABLE or RATE_LIMITED if too many wait.
   */
  readonly untilKnown: (service: ServiceName, atMostMs?: number) => Promise<void> | undefined;
  /**
   * Throws UNAUTHENTICATED for an invalid token, SESSION_ENDED, SERVICE_UNAVAILABLE if it cannot be verified right now, and what
   * `onLookup` throws, which is called before auth is asked whose token it is.
   */
  readonly verifyToken: (token: string, onLookup: () => void) => Promise<SignedInUser>;
  /**
   * Returns the caller with their current permissions. Throws SESSION_ENDED if the session has ended, SERVICE_UNAVAILABLE if
   * auth does not answer.
   */
  readonly confirmCaller: (caller: SignedInUser) => Promise<SignedInUser>;
  /** Reads the access like `accessInCommunity`, never from a cache. */
  readonly currentAccessInCommunity: (userId: string, communityId: string) => Promise<CommunityAccess | null>;
  /** Both return null if there is no such community or workspace. At most two seconds old. */
  readonly accessInCommunity: (userId: string, communityId: string) => Promise<CommunityAccess | null>;
  readonly accessToWorkspace: (userId: string, workspaceId: string) => Promise<CommunityAccess | null>;
  readonly spend: SpendRate;
  readonly reportDenial: (request: AdmissionRequest, caller: SignedInUser, access: CommunityAccess | null) => void;
}

type AdmitStep = (parts: AdmissionParts, request: AdmissionRequest, admitted: Admitted) => Promise<void>;

/** Only right after the start of the gateway there is something to wait for: every other time no turn of the event loop is spent. */
const requireSharedDatabase: AdmitStep = async ({ availabilityOf, untilKnown }, { requiresSharedDb }) => {
  if (requiresSharedDb === null) return;
  await untilKnown(requiresSharedDb);
  const refusal = refusalFor(availabilityOf(requiresSharedDb));
  if (refusal !== undefined) throw refusal;
};

/** Personal access tokens that must be looked up count as requests of the network: it may send unknown ones without end. */
const authenticate: AdmitStep = async ({ untilKnown, verifyToken, spend }, { access, token, ip }, admitted) => {
  if (access.kind === 'public') return;
  if (token === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
  await untilKnown('auth');
  admitted.caller = await verifyToken(token, () => refuseIf(spend('request', networkOf(ip))));
};

const spendRateLimit: AdmitStep = async ({ spend }, { rateLimit, ip }, { caller }) => {
  if (rateLimit !== 'request' && rateLimit !== 'sign-in') return;
  refuseIf(spend(rateLimit, rateLimit === 'request' && caller !== null ? caller.userId : networkOf(ip)));
};

/** Reads the current permissions for an operation that cannot be undone: those of the token may be five minutes old. */
const confirmRight: AdmitStep = async ({ confirmCaller }, { contract }, admitted) => {
  const { caller } = admitted;
  if (contract.confirmsRight === true && caller !== null) admitted.caller = await confirmCaller(caller);
};

/** A personal access token may do what it was made for, as far as its user may: the steps after this one ask for that. */
const requireTokenPermission: AdmitStep = async ({ reportDenial }, request, { caller }) => {
  if (caller?.tokenPermissions === undefined || request.access.kind === 'public') return;
  if (tokenMayCall(caller.tokenPermissions, request.contract)) return;
  reportDenial(request, caller, null);
  throw new AppError('FORBIDDEN', 'This token may not do that. Give it the permission, if tokens can have it, or sign in.');
};

/** The path parameter that an access rule reads. Throws if the path has none, which is an error of the route table. */
const parameterOf = ({ params }: AdmissionRequest, name: 'communityId' | 'workspaceId'): string => {
  const value = params[name];
  if (value === undefined) throw new Error(`The path of this route names no :${name}, which its access rule needs.`);
  return value;
};

const requirePermission: AdmitStep = async (parts, request, admitted) => {
  const { access } = request;
  const { caller } = admitted;
  if (caller === null) return;
  if (access.kind === 'permission' && !caller.permissions.includes(access.permission)) {
    parts.reportDenial(request, caller, null);
    throw forbidden(access.permission);
  }
  if (access.kind !== 'community' && access.kind !== 'workspace') return;
  // Memberships are asked of it.
  await parts.untilKnown('team-resources');
  if (access.kind === 'community') {
    const find = request.contract.confirmsRight === true ? parts.currentAccessInCommunity : parts.accessInCommunity;
    const community = await find(caller.userId, parameterOf(request, 'communityId'));
    requireCommunityPermission(parts, request, admitted, caller, community, access.permission);
  } else {
    const community = await parts.accessToWorkspace(caller.userId, parameterOf(request, 'workspaceId'));
    requireCommunityPermission(parts, request, admitted, caller, community, access.permission);
  }
};

/** The order is part of the contract: an unavailable database is reported before authentication. */
const admitSteps: readonly AdmitStep[] = [
  requireSharedDatabase,
  authenticate,
  spendRateLimit,
  requireTokenPermission,
  confirmRight,
  requirePermission,
];

/** Runs every step; the first that refuses throws the AppError that the caller gets. */
export const admit = async (parts: AdmissionParts, request: AdmissionRequest): Promise<Admitted> => {
  const admitted: Admitted = { caller: null, communityPermissions: [] };
  for (const step of admitSteps) await step(parts, request, admitted);
  return admitted;
};

/** The time for which the gateway waits for the answer of a service that it knows, too. */
const soloPatienceMs = 2_000;

/**
 * Admission to the shared part of a request whose solo part is answered without: at the start of the gateway it does not wait until a
 * service that is silent is given up.
 */
export const impatient = (parts: AdmissionParts): AdmissionParts => ({
  ...parts,
  untilKnown: (service) => parts.untilKnown(service, soloPatienceMs),
});

/** The codes that end an open event stream. A service that is unavailable for a moment does not. */
const streamEndingCodes: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'SESSION_ENDED',
  'FORBIDDEN',
  'NOT_FOUND',
  'NOT_CONFIGURED',
]);

/** Repeats the admission of an admitted request, without spending its rate limit or reporting a denial. Memberships are looked up: a stream asks seldom, and would add the age of a cache to its pause. */
export const isStillAdmitted = async (parts: AdmissionParts, request: AdmissionRequest): Promise<boolean> => {
  try {
    const accessInCommunity = parts.currentAccessInCommunity;
    await admit({ ...parts, accessInCommunity, spend: () => null, reportDenial: () => {} }, request);
    return true;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return !streamEndingCodes.has(error.code);
  }
};

/**
 * Throws FORBIDDEN for a member without the permission. Throws NOT_FOUND for anyone else, with the sentence of a resource that does
 * not exist, so that a refusal does not reveal what exists.
 */
const requireCommunityPermission = (
  parts: AdmissionParts,
  request: AdmissionRequest,
  admitted: Admitted,
  caller: SignedInUser,
  community: CommunityAccess | null,
  permission: CommunityPermission,
): void => {
  if (community === null || community.role === null)
    throw new AppError('NOT_FOUND', 'There is nothing at this address, or it is not for you to see.');
  if (!communityRoleMay(community.role, permission)) {
    parts.reportDenial(request, caller, community);
    throw forbidden(permission);
  }
  admitted.communityPermissions = [`${permission}@${community.communityId}`];
};

const forbidden = (permission: string): AppError =>
  new AppError('FORBIDDEN', `This needs the permission ${permission}, which your role does not hold.`);
