import type { Received, Sent } from './http-client.ts';

/** The output of the demonstration: plain text, with colour only on a terminal. */
export interface Terminal {
  step(title: string): void;
  exchange(sent: Sent, received: Received): void;
  ok(text: string): void;
  failed(text: string): void;
  say(text: string): void;
}

const shownCharactersMax = 200;
const secretFields = new Set(['password', 'accessToken', 'refreshToken', 'setupToken', 'token', 'code']);

export const createTerminal = (out: NodeJS.WriteStream): Terminal => {
  const paint = (code: number, text: string): string => (out.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  const line = (text: string): void => void out.write(`${text}\n`);
  // A reader that goes away (make demo | head) does not end the demonstration.
  out.on('error', () => {});
  let steps = 0;
  return {
    step(title) {
      steps += 1;
      line(`\n${paint(1, `${steps}. ${title}`)}`);
    },
    exchange({ method, path, body }, received) {
      line(`   → ${method} ${shortIds(path)}${body === undefined ? '' : ` ${shorten(body)}`}`);
      const etag = received.etag === null ? '' : ` ETag ${received.etag}`;
      line(`   ← ${received.status}${etag}${isEmpty(received.body) ? '' : ` ${shorten(received.body)}`}`);
    },
    ok: (text) => line(`   ${paint(32, '✓')} ${text}`),
    failed: (text) => line(`   ${paint(31, '✗')} ${text}`),
    say: (text) => line(text),
  };
};

const isEmpty = (body: object): boolean => Object.keys(body).length === 0;

/** The first characters of an id are enough to know it again. */
const shortIds = (text: string): string => text.replaceAll(/([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '$1-…');

/** The code of a problem answer is no secret. */
const isSecret = (key: string, value: string): boolean => secretFields.has(key) && !/^[A-Z_]+$/.test(value);

/** A body on one line: secrets hidden, ids and long texts cut. */
const shorten = (body: object): string => {
  const text = JSON.stringify(body, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (isSecret(key, value)) return `${value.slice(0, 4)}…`;
    const shown = shortIds(value);
    return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
  });
  return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax - 1)}…` : text;
};
