import { AppError } from '@guildhall/errors';
import { installationRoutes } from '@guildhall/contracts';
import { eventStreamHeaders, formatEvent, formatHeartbeat, requestCheckOf } from '@guildhall/http';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
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
const unreadBytesMax = 256 * 1024;

/** `GET /v1/installation/events`: server-sent events (HTML Living Standard, section 9.2), one with the whole run at each change. */
export const addFollowRoute = (app: FastifyInstance, { installation, onRequest }: FollowParts): void => {
  const contract = installationRoutes.followInstallation;
  const { method, path: url } = contract;
  const check = requestCheckOf(contract);
  const following = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of following) end();
  });
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    check(request);
    if (following.size >= followersMax)
      throw new AppError('RATE_LIMITED', `${followersMax} clients follow the installation already. Try again shortly.`, {
        retryAfterSeconds: 5,
      });
    reply.hijack();
    const to = reply.raw;
    // A client that went away while it was being admitted: `close` has been said, and would not end what begins now.
    if (to.destroyed) return;
    to.writeHead(200, { ...definedHeaders(reply), ...eventStreamHeaders });
    const heartbeat = setInterval(() => send(to, formatHeartbeat()), heartbeatEveryMs);
    let hasEnded = true;
    const unfollow = installation.follow((run) => {
      hasEnded = run.status !== 'running';
      send(to, formatEvent({ event: 'run', data: run }));
      if (hasEnded) to.end();
    });
    const end = (): void => void to.end();
    following.add(end);
    to.once('close', () => {
      following.delete(end);
      clearInterval(heartbeat);
      unfollow();
    });
    if (hasEnded) end();
  };
  app.route({ method, url, config: { access: installer }, onRequest, handler });
};

const send = (to: FastifyReply['raw'], text: string): void => {
  if (to.writableEnded || to.destroyed) return;
  to.write(text);
  if (to.writableLength > unreadBytesMax) to.destroy();
};

const definedHeaders = (reply: FastifyReply): Record<string, number | string | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).filter((entry): entry is [string, number | string | string[]] => entry[1] !== undefined),
  );
