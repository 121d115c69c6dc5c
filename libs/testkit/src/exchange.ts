import { request } from 'undici';

export interface ExchangeOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Whether an answer with these headers is read; one that has no end is not. Default: every answer is. */
  readonly isRead?: (headers: Headers) => boolean;
}

export interface TextAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Empty where the answer is not read. */
  readonly text: string;
}

/** The client that `fetch` names, which services note as the label of a session. */
const userAgent = 'node';

const headersOf = (received: Readonly<Record<string, string | string[] | undefined>>): Headers =>
  new Headers(
    Object.entries(received).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])),
  );

/**
 * Sends a request and reads the answer whole. Follows no redirect and asks for no compression. For tests, which send a hundred thousand
 * requests: each costs a third of what one by `fetch` does.
 */
export const exchange = async (
  url: string,
  { method = 'GET', headers = {}, body, isRead = () => true }: ExchangeOptions = {},
): Promise<TextAnswer> => {
  const sent = { 'user-agent': userAgent, ...headers };
  const answer = await request(url, { method, headers: sent, ...(body === undefined ? {} : { body }) });
  const received = { status: answer.statusCode, headers: headersOf(answer.headers) };
  if (isRead(received.headers)) return { ...received, text: await answer.body.text() };
  answer.body.on('error', () => undefined).destroy();
  return { ...received, text: '' };
};
