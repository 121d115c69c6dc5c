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
      line(`   → ${method} ${path}${body === undefined ? '' : ` ${shorten(body)}`}`);
      line(
        `   ← ${received.status}${received.etag === null ? '' : ` ETag ${received.etag}`}${isEmpty(received.body) ? '' : ` ${shorten(received.body)}`}`,
      );
    },
    ok: (text) => line(`   ${paint(32, '✓')} ${text}`),
    failed: (text) => line(`   ${paint(31, '✗')} ${text}`),
    say: (text) => line(text),
  };
};

const isEmpty = (body: object): boolean => Object.keys(body).length === 0;

/** A body on one line: secrets hidden, long texts cut. */
const shorten = (body: object): string => {
  const text = JSON.stringify(body, (key, value: unknown) => {
    if (secretFields.has(key) && typeof value === 'string') return `${value.slice(0, 4)}…`;
    return typeof value === 'string' && value.length > 60 ? `${value.slice(0, 57)}…` : value;
  });
  return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax - 1)}…` : text;
};
