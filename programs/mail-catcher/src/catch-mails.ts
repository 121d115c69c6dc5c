import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';

export interface MailCatcher {
  readonly port: number;
  close(): Promise<void>;
}

export interface CatcherParts {
  /** Where mails are written: one text file for each mail and receiver. */
  readonly folder: string;
  readonly port: number;
  readonly host: string;
}

/** The longest mail that is taken, in bytes: what the product sends is shorter by far. */
const mailBytesMax = 1_048_576;

const readAll = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
};

/** The text of a mail in quoted-printable (RFC 2045, section 6.7), which is what long lines are sent in. */
const decodeText = (text: string): string => {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
};

const headerOf = (headers: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';

/** The mail as auth writes it into a folder where there is no mail server. */
const asFile = (raw: string, to: string): string => {
  const end = raw.indexOf('\r\n\r\n');
  const [headers, text] = end < 0 ? [raw, ''] : [raw.slice(0, end), raw.slice(end + 4)];
  const isQuoted = headerOf(headers, 'Content-Transfer-Encoding').toLowerCase() === 'quoted-printable';
  const body = isQuoted ? decodeText(text) : Buffer.from(text, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
  return `From: ${headerOf(headers, 'From')}\nTo: ${to}\nSubject: ${headerOf(headers, 'Subject')}\n\n${body}`;
};

/** Writes a mail so that readers of the folder see a whole one or none. */
const writeMail = (folder: string, text: string): void => {
  const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID()}`;
  const making = path.join(folder, `.${name}`);
  writeFileSync(making, text, { mode: 0o644 });
  renameSync(making, path.join(folder, `${name}.txt`));
};

/** Starts a mail server that takes every mail, from anyone and to anyone. Rejects when its port is taken. */
export const catchMails = async ({ folder, port, host }: CatcherParts): Promise<MailCatcher> => {
  mkdirSync(folder, { recursive: true });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: mailBytesMax,
    onData(stream, session, callback) {
      const take = async (): Promise<void> => {
        const raw = await readAll(stream);
        if (stream.sizeExceeded) throw Object.assign(new Error('Too long'), { responseCode: 552 });
        for (const { address } of session.envelope.rcptTo) writeMail(folder, asFile(raw, address));
      };
      callbackify(take)(callback);
    },
  });
  const failed = once(server.server, 'error').then(([error]) => Promise.reject(error as Error));
  const listening = once(server.server, 'listening');
  server.listen(port, host);
  await Promise.race([listening, failed]);
  // A client that breaks off is no fault of the server.
  server.on('error', () => undefined);
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
