import { AppError } from '@guildhall/errors';
import { installationRoutes } from '@guildhall/contracts';
import { formatEvent, formatHeartbeat, serveContract } from '@guildhall/http';
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import { installer } from '../core/admission/access-rule.ts';
import type { InstallationControl } from '../core/installation/installation.ts';

export interface FollowParts {
  readonly installation: Pick<InstallationControl, 'follow'>;
  readonly onRequest: onRequestAsyncHookHandler;
}

/** Shorter than the idle time-out of common proxies. */
const heartbeatEveryMs = 15_000;
const followersMax = 32;
/** The buffer's bound: a client that reads nothing is disconnected. A run has some dozens of changes of about 1 KB. */
const unreadCharactersMax = 256 * 1024;

/** `GET /v1/installation/events`: server-sent events (HTML Living Standard, section 9.2), one with the whole run at each change. */
export const addFollowRoute = (app: FastifyInstance, { installation, onRequest }: FollowParts): void => {
  const following = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of following) end();
  });
  const options = { access: installer, callerOf: () => null, onRequest: [onRequest] };
  serveContract(app, installationRoutes.followInstallation, options, async () => {
    if (following.size >= followersMax)
      throw new AppError('RATE_LIMITED', `${followersMax} clients follow the installation already. Try again shortly.`, {
        retryAfterSeconds: 5,
      });
    return { body: streamOfRuns(installation, following) };
  });
};

/** The events of a run until it ends; none without a run. In `following` while it lasts, as the function that ends it. */
const streamOfRuns = (installation: FollowParts['installation'], following: Set<() => void>): ReadableStream<string> => {
  const releases: (() => void)[] = [];
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
