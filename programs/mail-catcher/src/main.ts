import { catchMails } from './catch-mails.ts';

/** `MAIL_FOLDER=/mails PORT=1025 node main.ts`: takes mails until it is told to stop. */
const { MAIL_FOLDER: folder = '', PORT: port = '1025', HOST: host = '127.0.0.1' } = process.env;
if (folder === '') {
  process.stderr.write('MAIL_FOLDER is missing: where mails are written.\n');
  process.exit(1);
}
const catcher = await catchMails({ folder, port: Number(port), host });
process.stdout.write(`Mails to ${host}:${catcher.port} are written into ${folder}.\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void catcher.close().then(() => process.exit(0)));
}
