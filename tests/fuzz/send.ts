import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { FuzzAnswer } from './check-answer.ts';
import type { FuzzRequest } from './requests.ts';

export interface Sender {
  /** Rejects when the connection breaks before the answer is whole, or nothing comes for twenty seconds. */
  readonly send: (request: FuzzRequest, credentials: Readonly<Record<string, string>>) => Promise<FuzzAnswer>;
  close(): void;
}

const silenceLimitMs = 20_000;

/** Sends requests as they are: neither path nor headers are tidied up. */
export const createSender = (baseUrl: string): Sender => {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    send: async ({ method, path, headers, body }, credentials) => {
      const begun = performance.now();
      const sent = httpRequest({
        hostname,
        port,
        agent,
        method,
        path,
        headers: { ...headers, ...credentials },
        timeout: silenceLimitMs,
      });
      sent.once('timeout', () => sent.destroy(new Error('nothing came for twenty seconds')));
      sent.end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
      const text = isStream ? undefined : Buffer.concat(await response.toArray()).toString();
      if (isStream) response.destroy();
      return { status: response.statusCode ?? 0, headers: response.headers, text, milliseconds: performance.now() - begun };
    },
    close: () => agent.destroy(),
  };
};

/** A text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The command that sends a request again. A body that is no text is given in hexadecimal. */
export const curlOf = (baseUrl: string, { method, path, headers, body }: FuzzRequest): string => {
  const parts = ['curl', '-i', '--path-as-is', '-X', method, quoted(`${baseUrl}${path}`)];
  for (const [name, value] of Object.entries(headers)) parts.push('-H', quoted(`${name}: ${value}`));
  if (typeof body === 'string') parts.push('--data-binary', quoted(body));
  if (body instanceof Uint8Array)
    return `xxd -r -p <<< ${Buffer.from(body).toString('hex')} | ${parts.join(' ')} --data-binary @-`;
  return parts.join(' ');
};
