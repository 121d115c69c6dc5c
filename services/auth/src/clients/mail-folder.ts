import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import type { Logger } from '@guildhall/http';
import type { DeliverMail } from '../core/send-mails.ts';
import type { Mail } from '../core/mails.ts';

const asFile = ({ to, subject, text }: Mail, from: string): string => `From: ${from}\nTo: ${to}\nSubject: ${subject}\n\n${text}`;

/**
 * Delivers mails without an SMTP server: as a file that only this account can read, and as a log line. The line holds the
 * whole mail including its code, since nobody else would deliver it; with SMTP no mail is ever logged.
 */
export const createMailFolder =
  ({ folder, from, log }: { readonly folder: string; readonly from: string; readonly log: Logger }): DeliverMail =>
  async (mail) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID()}.txt`);
    writeFileAtomically(file, asFile(mail, from), { isDurable: false });
    log.info({ file, to: mail.to, subject: mail.subject, text: mail.text }, 'mail written: no SMTP server is set up');
  };
