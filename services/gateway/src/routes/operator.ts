import type { GlobalPermission, PublicContract } from '@guildhall/contracts';
import { isAppError, type AppError } from '@guildhall/errors';
import { bearerToken } from '@guildhall/http';
import type { FastifyRequest } from 'fastify';
import { admit, impatient, type AdmissionParts, type Admitted } from '../core/admission/admit.ts';
import { admissionRequestOf } from './admission-request.ts';
import type { IsLocal } from './local.ts';

/** An operator, who looks after the installation: this machine's user, a signed-in user with the permission of the route, or both. */
export interface Operator {
  readonly isLocal: boolean;
  /** Null for this machine's user alone. */
  readonly admitted: Admitted | null;
  /** The refusal of the token that this machine's user had, too; null where nothing was refused. */
  readonly refusal: AppError | null;
}

export interface OperatorParts {
  readonly isLocal: IsLocal;
  readonly admissionFor: (request: FastifyRequest) => AdmissionParts;
}

type OperatorContract = PublicContract & { readonly permission: GlobalPermission };

/** True for a refusal that keeps this machine's user from nothing: sign-in cannot be checked now, or gives no right to the shared part. */
const isNoHindrance = (error: unknown): error is AppError =>
  isAppError(error) && (error.status === 503 || error.code === 'FORBIDDEN');

/**
 * Admits an operator by the rule `solo-or-permission`. This machine's user is admitted while auth is away, too: that is when an operator
 * looks. Throws what admission refuses.
 */
const admitOperator = async (
  { isLocal, admissionFor }: OperatorParts,
  contract: OperatorContract,
  request: FastifyRequest,
): Promise<Operator> => {
  const local = isLocal(request);
  if (local && bearerToken(request.headers.authorization) === undefined) return { isLocal: true, admitted: null, refusal: null };
  const access = { kind: 'permission', permission: contract.permission } as const;
  const route = { contract, access, service: 'gateway', requiresSharedDb: null } as const;
  const admission = local ? impatient(admissionFor(request)) : admissionFor(request);
  try {
    return { isLocal: local, refusal: null, admitted: await admit(admission, admissionRequestOf(request, route, 'auth')) };
  } catch (error) {
    if (local && isNoHindrance(error)) return { isLocal: true, admitted: null, refusal: error };
    throw error;
  }
};

/** The options by which a route of an operator is served: they are admitted before the request is read. */
export const forOperators = (parts: OperatorParts, contract: OperatorContract) => {
  const operators = new WeakMap<FastifyRequest, Operator>();
  return {
    access: { kind: 'solo-or-permission', permission: contract.permission } as const,
    callerOf: (request: FastifyRequest): Operator => operators.get(request) ?? { isLocal: false, admitted: null, refusal: null },
    onRequest: [async (request: FastifyRequest) => void operators.set(request, await admitOperator(parts, contract, request))],
  };
};
