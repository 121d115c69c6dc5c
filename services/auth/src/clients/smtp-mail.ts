import { withTimeLimit } from '@guildhall/repeat';
import type { Transporter } from 'nodemailer';
import { MailRefused, type DeliverMail } from '../core/send-mails.ts';

const connectTimeoutMs = 5_000;
const silenceTimeoutMs = 10_000;
const wholeTimeoutMs = 20_000;

export interface SmtpMailParts {
  readonly url: string;
  readonly from: string;
  /** Sends also to a server on another machine that does not speak TLS. */
  readonly allowsPlainText?: boolean;
}

export interface SmtpMail {
  readonly deliver: DeliverMail;
  close(): void;
}

/** Tells whether the server must speak TLS: unless it is on this machine, or plain text is allowed. */
export const isTlsRequired = ({ url, allowsPlainText = false }: Omit<SmtpMailParts, 'from'>): boolean =>
  !allowsPlainText && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);

/** The refusals of a mail itself: of its sender, its receiver or its text. What a server says of a log-in is about no mail. */
const mailErrorCodes: readonly unknown[] = ['EENVELOPE', 'EMESSAGE'];

/** Whether a reply is a permanent negative one (RFC 5321, section 4.2.1): trying again as it is makes no sense. */
const isPermanent = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  mailErrorCodes.includes(error.code) &&
  'responseCode' in error &&
  typeof error.responseCode === 'number' &&
  error.responseCode >= 500;

/**
 * Creates a sender of mails to an SMTP server (RFC 5321), with a time-out of 20 s. Mails carry codes and the log-in a password, so a server
 * on another machine must speak TLS (RFC 3207) unless plain text is allowed.
 */
export const createSmtpMail = ({ url, from, allowsPlainText = false }: SmtpMailParts): SmtpMail => {
  const options = {
    url,
    requireTLS: isTlsRequired({ url, allowsPlainText }),
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  let transport: Promise<Transporter> | undefined;
  const open = (): Promise<Transporter> =>
    (transport ??= import('nodemailer').then(({ createTransport }) => createTransport(options)));
  return {
    deliver: async ({ to, subject, text }) => {
      const mail = { from, to: { name: '', address: to }, subject, text };
      const opened = await open();
      try {
        await withTimeLimit(wholeTimeoutMs, (signal) => opened.sendMail({ ...mail, signal }));
      } catch (error) {
        throw isPermanent(error) ? new MailRefused('The mail server refused the mail for good.', { cause: error }) : error;
      }
    },
    close: () => void transport?.then((opened) => opened.close()),
  };
};
