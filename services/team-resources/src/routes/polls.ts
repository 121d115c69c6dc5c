import { pollRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { castBallot, findBallot, type BallotStore } from '../core/ballots.ts';
import { createPoll } from '../core/create-poll.ts';
import { listPolls } from '../core/poll-list.ts';
import { closePoll, deletePoll, findPoll, restorePoll, updatePoll, type PollStore } from '../core/polls.ts';

export interface PollRouteParts extends ContextParts {
  readonly stores: { readonly polls: PollStore; readonly ballots: BallotStore };
}

/** Adds the routes of polls. A result changes without the version: reads are never answered 304. */
export const addPollRoutes = (app: FastifyInstance, parts: PollRouteParts): void => {
  const { polls, ballots } = parts.stores;
  serve(app, routes.listPolls, 'principal', async (call) => ({
    body: await listPolls(polls, contextOf(parts, call), { ...call.params, query: call.query }),
  }));
  serve(app, routes.createPoll, 'principal', async (call) => {
    return created(await createPoll(polls, contextOf(parts, call), { ...call.params, request: call.body }));
  });
  serve(app, routes.getPoll, 'principal', async (call) =>
    versioned((await findPoll(polls, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updatePoll, 'principal', async (call) =>
    versioned(await updatePoll(polls, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch, edit: call.body })),
  );
  serve(app, routes.closePoll, 'principal', async (call) =>
    versioned(await closePoll(polls, contextOf(parts, call), call.params)),
  );
  serve(app, routes.deletePoll, 'principal', async (call) => {
    await deletePoll(polls, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restorePoll, 'principal', async (call) =>
    versioned(await restorePoll(polls, contextOf(parts, call), call.params)),
  );
  serve(app, routes.getBallot, 'principal', async (call) => ({
    body: await findBallot(ballots, contextOf(parts, call), call.params),
  }));
  serve(app, routes.castBallot, 'principal', async (call) => ({
    body: await castBallot(ballots, contextOf(parts, call), { ...call.params, options: call.body.options }),
  }));
};
