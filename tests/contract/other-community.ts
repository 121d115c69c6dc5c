import { communityRoutes, workspaceRoutes, type PublicContract } from '@guildhall/contracts';
import { fieldsOf } from './community-changes.ts';
import { exampleRequest, pathToNothing, sendAs, type Caller, type RouteRequest, type RoutedService } from './route-client.ts';

/** The owner of another community, with a workspace there: who asks for what is not theirs. */
export interface Outsider {
  readonly caller: Caller;
  readonly communityId: string;
  readonly workspaceId: string;
}

/** Founds another community, with a workspace. */
export const newOutsider = async (service: RoutedService): Promise<Outsider> => {
  const caller = await service.newCaller();
  const create = async (contract: PublicContract, path: string): Promise<string> =>
    fieldsOf(await sendAs(service, caller, contract, exampleRequest(contract, path))).id ?? '';
  const communityId = await create(communityRoutes.createCommunity, '/v1/communities');
  const workspaceId = await create(workspaceRoutes.createCommunityWorkspace, `/v1/communities/${communityId}/workspaces`);
  return { caller, communityId, workspaceId };
};

/** The path with another id in place of its first one: that of the community or the workspace. */
const within = (path: string, id: string): string => path.replace(/^(\/v1\/\w+\/)[^/?]+/, `$1${id}`);

/**
 * Sends a request for what another community has, as the outsider; and once more by way of their own community or workspace, where the
 * path names more than that. Returns each answer beside the one to the same request for what exists nowhere.
 */
export const askFromOutside = async (
  service: RoutedService,
  { caller, communityId, workspaceId }: Outsider,
  contract: PublicContract,
  request: RouteRequest,
) => {
  const own = contract.path.startsWith('/v1/workspaces/') ? workspaceId : communityId;
  const { path: nothing } = exampleRequest(contract, pathToNothing(contract));
  const namesMore = contract.path.split(':').length > 2;
  const pairs = [[request.path, nothing], ...(namesMore ? [[within(request.path, own), within(nothing, own)]] : [])];
  const ask = async (path = '') => {
    const { body, headers, status } = await sendAs(service, caller, contract, { ...request, path });
    return { status, etag: headers.get('etag'), body: { ...(body as object), requestId: '' } };
  };
  return Promise.all(pairs.map(async ([theirs, none]) => ({ theirs: await ask(theirs), none: await ask(none) })));
};
