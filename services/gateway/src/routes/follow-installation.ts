import { installationRoutes } from '@guildhall/contracts';
import { formatEvent, formatHeartbeat, serveContract } from '@guildhall/http';
import { createSlots, networkOf, type Slots } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { installer } from '../core/admission/access-rule.ts';
import type { SignedInUser } from '../core/admission/admit.ts';
import type { InstallationControl } from '../core/installation/installation.ts';

export interface FollowParts {
  readonly installation: Pick<InstallationControl, 'follow'>;
  /** Returns the user who is signed in, null for a holder of a token. Throws where the request may not follow. */
  readonly admit: (request: FastifyRequest) => Promise<SignedInUser | null>;
}

/** Shorter than the idle time-out of common proxies. */
const heartbeatEveryMs = 15_000;
const followersMax = 32;
/** The share of one user, or of one network where nobody is signed in. */
const followersPerCallerMax = 4;
/** The buffer's bound: a client that reads nothing is disconnected. A run has some dozens of changes of about 1 KB. */
const unreadCharactersMax = 256 * 1024;

/** `GET /v1/installation/events`: server-sent events (HTML Living Standard, section 9.2), one with the whole run at each change. */
export const addFollowRoute = (app: FastifyInstance, { installation, admit }: FollowParts): void => {
  const slots = createFollowerSlots();
  const following = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of following) end();
  });
  const callers = new WeakMap<FastifyRequest, SignedInUser | null>();
  const options = {
    access: installer,
    callerOf: (request: FastifyRequest) => callers.get(request)?.userId ?? networkOf(request.clientAddress),
    onRequest: [async (request: FastifyRequest) => void callers.set(request, await admit(request))],
  };
  serveContract(app, installationRoutes.followInstallation, options, async ({ caller }) => ({
    body: streamOfRuns(installation, following, slots.take({ id: caller })),
  }));
};

const createFollowerSlots = (): Slots =>
  createSlots({
    slotsMax: followersMax,
    slotsPerHolderMax: followersPerCallerMax,
    allTaken: (slots) => `${slots} clients follow the installation already. Try again shortly.`,
    shareTaken: (slots) =>
      `You follow the installation ${slots} times already, as often as one caller may. Close one of the streams.`,
    retryAfterSeconds: 5,
  });

/** The events of a run until it ends; none without a run. `following` holds the function that ends it. `releaseSlot` is called at its end. */
const streamOfRuns = (
  installation: FollowParts['installation'],
  following: Set<() => void>,
  releaseSlot: () => void,
): ReadableStream<string> => {
  const releases: (() => void)[] = [releaseSlot];
  const release = (): void => releases.splice(0).forEach((each) => each());
  return new ReadableStream<string>(
    { start: (controller) => followRun(controller, installation, following, releases), cancel: release },
    { highWaterMark: unreadCharactersMax, size: (text) => text.length },
  );
};

/** Writes a run and each of its changes to a stream until the run or the stream ends; `releases` undo what that takes. */
const followRun = (
  controller: ReadableStreamDefaultController<string>,
  installation: FollowParts['installation'],
  following: Set<() => void>,
  releases: (() => void)[],
): void => {
  const end = (): void => {
    if (releases.length === 0) return;
    for (const release of releases.splice(0)) release();
    controller.close();
  };
  const send = (text: string): void => {
    if (releases.length === 0) return;
    controller.enqueue(text);
    if ((controller.desiredSize ?? 0) >= 0) return;
    for (const release of releases.splice(0)) release();
    controller.error(new Error('A follower of the installation does not read.'));
  };
  const heartbeat = setInterval(() => send(formatHeartbeat()), heartbeatEveryMs);
  following.add(end);
  releases.push(
    () => clearInterval(heartbeat),
    () => following.delete(end),
  );
  let isRunning = false;
  const unfollow = installation.follow((run) => {
    isRunning = run.status === 'running';
    send(formatEvent({ event: 'run', data: run }));
    if (!isRunning) end();
  });
  if (releases.length === 0) return unfollow();
  releases.push(unfollow);
  if (!isRunning) end();
};
