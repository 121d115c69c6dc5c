import { withTimeLimit } from '@guildhall/repeat';
import { createTransport } from 'nodemailer';
import type { DeliverMail } from '../core/send-mails.ts';

const connectTimeoutMs = 5_000;
const silenceTimeoutMs = 10_000;
const wholeTimeoutMs = 20_000;

export interface SmtpMail {
  readonly deliver: DeliverMail;
  close(): void;
}

/** Delivers mails to an SMTP server (RFC 5321), with a time-out of 20 s. */
export const createSmtpMail = ({ url, from }: { readonly url: string; readonly from: string }): SmtpMail => {
  const transport = createTransport({
    url,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    deliver: async ({ to, subject, text }) => {
      const mail = { from, to: { name: '', address: to }, subject, text };
      await withTimeLimit(wholeTimeoutMs, (signal) => transport.sendMail({ ...mail, signal }));
    },
    close: () => transport.close(),
  };
};
