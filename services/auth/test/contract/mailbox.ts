import { once } from 'node:events';
import path from 'node:path';
import { callbackify } from 'node:util';
import { writeFileAtomically } from '@guildhall/files';
import { SMTPServer } from 'smtp-server';
import { waitFor } from '@guildhall/testkit';

export interface ReceivedMail {
  readonly to: string;
  readonly text: string;
}

/** A real SMTP server that keeps what it gets. */
export interface Mailbox {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** Answers every mail with a refusal while on: a temporary one (RFC 5321, code 451) unless said otherwise. */
  refuse(isRefusing: boolean, code?: number, at?: 'receiver' | 'text'): void;
  /** The number of mails that were refused. */
  refusals(): number;
  /** Waits for the n-th mail to an address, and answers the last one of those. */
  nthTo(address: string, count: number): Promise<ReceivedMail>;
  /** Also writes every mail from now on into a folder: to whom, and the text, as auth does without a mail server. */
  saveTo(folder: string): void;
  close(): Promise<void>;
}

const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
};

/** Undoes quoted-printable (RFC 2045, section 6.7), which long lines are sent in. */
const decode = (raw: string): string =>
  Buffer.from(
    raw.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** The text below the headers: a Message-ID may begin with eight digits, as a code has. */
const bodyOf = ({ text }: ReceivedMail): string => text.slice(text.indexOf('\r\n\r\n'));

export const startMailbox = async (): Promise<Mailbox> => {
  const mails: ReceivedMail[] = [];
  let savedTo: string | undefined;
  const keep = (mail: ReceivedMail): void => {
    const name = `${String(mails.push(mail)).padStart(6, '0')}.txt`;
    if (savedTo !== undefined)
      writeFileAtomically(path.join(savedTo, name), `To: ${mail.to}\n\n${bodyOf(mail)}`, { isDurable: false });
  };
  let refusal: { readonly code: number; readonly at: 'receiver' | 'text' } | null = null;
  let refusals = 0;
  const refuseAt = (at: 'receiver' | 'text'): void => {
    if (refusal?.at !== at) return;
    refusals += 1;
    throw Object.assign(new Error('Refused'), { responseCode: refusal.code });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, callback) => callbackify(async () => refuseAt('receiver'))(callback),
    onData(stream, session, callback) {
      const take = async (): Promise<void> => {
        const raw = await read(stream);
        refuseAt('text');
        for (const { address } of session.envelope.rcptTo) keep({ to: address, text: decode(raw) });
      };
      callbackify(take)(callback);
    },
  });
  const listening = once(server.server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: (isRefusing, code = 451, at = 'text') => (refusal = isRefusing ? { code, at } : null),
    refusals: () => refusals,
    nthTo: (to, count) => waitFor(() => mails.filter((mail) => mail.to === to)[count - 1], { what: `mail ${count} to ${to}` }),
    saveTo: (folder) => void (savedTo = folder),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
