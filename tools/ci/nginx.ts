import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { waitFor } from '@guildhall/testkit';
import { repositoryRoot } from '../source/repository.ts';

export interface Nginx {
  /** The certificate that it presents, for clients to trust. */
  readonly certificate: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface NginxParts {
  /** An empty folder for its certificate, configuration and log. */
  readonly folder: string;
  readonly port: number;
  readonly gateway: URL;
}

const stopTimeoutMs = 5_000;

const makeCertificate = (folder: string): readonly [certificate: string, key: string] => {
  const files = [path.join(folder, 'certificate.pem'), path.join(folder, 'key.pem')] as const;
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = spawnSync('openssl', [...request, ...name, '-out', files[0], '-keyout', files[1]], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  return files;
};

/** Puts the addresses and files of this run into infra/nginx/guildhall.conf. Throws when a line to be replaced is not there. */
const ownConfiguration = ({ port, gateway }: NginxParts, [certificate, key]: readonly [string, string]): string => {
  const replaced: readonly (readonly [string, string])[] = [
    ['server 127.0.0.1:4300;', `server ${gateway.host};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/ssl/certs/guildhall.pem', certificate],
    ['/etc/ssl/private/guildhall.key', key],
  ];
  return replaced.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`infra/nginx/guildhall.conf has no ${from}`);
      return text.replaceAll(from, () => to);
    },
    readFileSync(path.join(repositoryRoot, 'infra/nginx/guildhall.conf'), 'utf8'),
  );
};

const around = (folder: string, servers: string): string => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  return `daemon off; pid ${folder}/pid; error_log ${folder}/log; worker_processes 1;
events {}
http { access_log off; ${temporary.join(' ')}
${servers}
}`;
};

/** Starts nginx with the configuration of infra/nginx in front of a gateway. Throws with the end of its log when it does not start. */
export const startNginx = async (parts: NginxParts): Promise<Nginx> => {
  const { folder, port } = parts;
  mkdirSync(folder, { recursive: true });
  const files = makeCertificate(folder);
  const file = path.join(folder, 'nginx.conf');
  writeFileAtomically(file, around(folder, ownConfiguration(parts, files)), { isDurable: false });
  const child = spawn('nginx', ['-p', folder, '-e', path.join(folder, 'log'), '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await waitFor(() => child.exitCode !== null || existsSync(path.join(folder, 'pid')), { what: 'nginx to start' });
  if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
  const stop = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGQUIT');
    const cut = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await gone;
    clearTimeout(cut);
  };
  return { certificate: readFileSync(files[0], 'utf8'), port, stop };
};
