import { AppError } from '@guildhall/errors';
import type { RouteContract } from '@guildhall/contracts';
import type { Admitted } from '../core/admission/admit.ts';
import type { CallerSigner } from './proxy/caller-signer.ts';
import { principalOf, type ProxiedRequest } from './proxy/proxy-request.ts';

/** Makes the calls of operations on a workspace as the user of a request. Throws UNAUTHENTICATED if nobody is signed in. */
export const createCallsAsUser = (signer: CallerSigner, request: ProxiedRequest, admitted: Admitted) => {
  const principal = principalOf(request, admitted);
  if (principal === undefined) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
  return {
    userId: principal.userId,
    callOf: async ({ method, path }: RouteContract, workspaceId: string, query?: Readonly<Record<string, string>>) => ({
      method,
      path: path.replace(':workspaceId', workspaceId) + (query === undefined ? '' : `?${new URLSearchParams(query).toString()}`),
      requestId: request.id,
      principal: await signer.signPrincipal(principal, 'team-resources'),
    }),
  };
};
