import type { ChangeImpact, RouteContract } from '@guildhall/contracts';
import { contextOf, type Call } from '@guildhall/http';
import { omitUndefined, type ContextParts, type RequestContext } from '@guildhall/resources';
import { findImpact, type ChangedStores, type DryRunStore } from '../core/change-impact.ts';

interface Parts extends ContextParts {
  readonly stores: ChangedStores & { readonly dryRuns: DryRunStore };
}

/** The parts of a call of a change that can be tried. */
type TriableCall<C extends RouteContract> = Call<C> & {
  readonly params: { readonly communityId: string; readonly userId?: string };
  readonly query: { readonly dryRun?: boolean; readonly limit?: number; readonly after?: string };
};

/** Makes a change, or tries it where the call asks for a dry run: by one function, so that the two decide alike. */
export const makeOrTry = async <C extends RouteContract, T>(
  parts: Parts,
  call: TriableCall<C>,
  change: (stores: ChangedStores, context: RequestContext) => Promise<T>,
): Promise<{ readonly made: T } | { readonly impact: ChangeImpact }> => {
  const context = contextOf(parts, call);
  const { dryRun, limit, after } = call.query;
  if (dryRun !== true) return { made: await change(parts.stores, context) };
  const { communityId, userId: memberId } = call.params;
  const query = { communityId, ...omitUndefined({ memberId, limit, after }) };
  return { impact: await findImpact(parts.stores.dryRuns, context, query, change) };
};
