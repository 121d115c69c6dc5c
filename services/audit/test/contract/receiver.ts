import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as the receiver got it. */
export interface Received {
  readonly id: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly indexes: readonly number[];
  readonly events: readonly { readonly id: string; readonly leafIndex: number }[];
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const receivedOf = ({ headers, url }: IncomingMessage, text: string): Received => {
  const { data } = JSON.parse(text) as { data: Pick<Received, 'first' | 'last' | 'events'> };
  const indexes = data.events.map(({ leafIndex }) => leafIndex);
  return { id: String(headers['webhook-id']), path: String(url), headers, text, ...data, indexes };
};

/** The signature that a library for Standard Webhooks computes, after the specification. */
export const expectedSignature = ({ headers, text }: Received, secretBase64: string): string => {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  return `v1,${createHmac('sha256', Buffer.from(secretBase64, 'base64')).update(signed).digest('base64')}`;
};

type Answering = (response: ServerResponse) => void;
const taking: Answering = (response) => void response.writeHead(204).end();

/** Somebody who is told of events: keeps every delivery, and answers as the test says. */
export const openReceiver = async (port = 0) => {
  const received: Received[] = [];
  let answer = taking;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push(receivedOf(request, await bodyOf(request)));
    answer(response);
  };
  const server = createServer((request, response) => {
    // A delivery that was cut off before it was read was not received.
    take(request, response).catch((error: unknown) => {
      if (error !== request.errored) throw error;
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    received,
    port: ownPort,
    url: `http://127.0.0.1:${ownPort}/audit?token=in-the-address`,
    answers: (next: Answering) => void (answer = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;
