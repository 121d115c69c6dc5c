import { internalRoutes } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { answerOf, type InternalClient } from '@guildhall/http';
import type { AdmissionParts } from '../../core/admission/admit.ts';

const Answer = answerOf(internalRoutes.findPermissions.responses[200]);

/** Reads a caller's current permissions from auth, for operations that cannot be undone. */
export const createConfirmCaller =
  (auth: InternalClient): AdmissionParts['confirmCaller'] =>
  async (caller) => {
    const query = new URLSearchParams({ userId: caller.userId, sessionId: caller.sessionId });
    const path = `/internal/permissions?${query.toString()}`;
    const { permissions } = await auth.call({ method: 'GET', path, answer: Answer });
    if (permissions === null) throw new AppError('SESSION_ENDED', 'This session has ended. Sign in again.');
    // A token may do no more than it was made for.
    const { tokenPermissions } = caller;
    if (tokenPermissions === undefined) return { ...caller, permissions };
    return { ...caller, permissions: permissions.filter((permission) => tokenPermissions.includes(permission)) };
  };
