import { createHmac } from 'node:crypto';
import { withTimeLimit } from '@guildhall/repeat';
import type { Delivery, ForwardReceiver } from '../core/forward/forward-events.ts';

export interface ForwardWebhookParts {
  readonly url: string;
  readonly secret: Uint8Array;
  /** How long one delivery may take, from connecting to the answer's head. */
  readonly timeoutMs: number;
  readonly now: () => Date;
}

/** Standard Webhooks 1.0.0: HMAC-SHA256 of id, time and body, with dots between. */
const signatureOf = (secret: Uint8Array, id: string, seconds: string, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;

const gone = 410;

const deliveryOf = ({ status, ok }: Response): Delivery => {
  if (ok) return 'taken';
  if (status === gone) return 'gone';
  const isRedirect = status >= 300 && status < 400;
  throw new Error(`The receiver answered ${status}${isRedirect ? ': redirects are not followed' : ''}.`);
};

/** The reason of a failure below HTTP, without the address, which may carry a token. */
const reasonOf = (error: unknown, timeoutMs: number): string => {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  const { code } = (error.cause ?? error) as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
};

/**
 * Posts to the address that the operator named, and nowhere else: redirects are not followed, and of the answer nothing
 * but its status is read. `abort` ends what is under way, for good.
 */
export const createForwardWebhook = ({
  url,
  secret,
  timeoutMs,
  now,
}: ForwardWebhookParts): ForwardReceiver & { abort(): void } => {
  const closing = new AbortController();
  const post = (headers: Readonly<Record<string, string>>, body: string): Promise<Response> => {
    const sent = (late: AbortSignal): Promise<Response> => {
      const signal = AbortSignal.any([closing.signal, late]);
      return fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    };
    return withTimeLimit(timeoutMs, sent).catch((error: unknown) => {
      throw new Error(`The receiver cannot be reached: ${reasonOf(error, timeoutMs)}.`);
    });
  };
  return {
    async deliver(id, body) {
      const seconds = String(Math.floor(now().getTime() / 1_000));
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'guildhall-audit',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': signatureOf(secret, id, seconds, body),
      };
      const response = await post(headers, body);
      await response.body?.cancel();
      return deliveryOf(response);
    },
    abort: () => closing.abort(),
  };
};
