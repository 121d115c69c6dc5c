import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Compose } from './compose.ts';
import type { StackContainers } from './roll.ts';

/** The grace period of docker-compose.yml, in seconds. */
const graceSeconds = '15';
/** Asks by the shell, as the health check does: `/readyz` answers 200 when all is there. */
const lookScript =
  'exec 3<>/dev/tcp/127.0.0.1/8080 && printf \'GET /readyz HTTP/1.0\\r\\n\\r\\n\' >&3 && read -r -t 4 line <&3 && echo "$line"';

const run = promisify(execFile);

export interface Ran {
  readonly isDone: boolean;
  readonly out: string;
}

const docker = async (...args: readonly string[]): Promise<Ran> => {
  try {
    const { stdout } = await run('docker', [...args]);
    return { isDone: true, out: stdout };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return { isDone: false, out: `${stdout}${stderr}`.trim() || String(error) };
  }
};

const requireRun = async (...args: readonly string[]): Promise<string> => {
  const { isDone, out } = await docker(...args);
  if (!isDone) throw new Error(`docker ${args.join(' ')} failed: ${out}`);
  return out;
};

/** Runs a command of the shell in a container, and returns what it printed. */
export const runIn = async (id: string, script: string): Promise<Ran> => await docker('exec', id, 'sh', '-c', script);

const label = (name: string, value: string): readonly string[] => ['--filter', `label=com.docker.compose.${name}=${value}`];

/** The containers of a compose project, by the labels that both versions of compose give them. */
export const containersOf = (compose: Compose, project: string): StackContainers => ({
  running: async (service) => {
    const labels = [...label('project', project), ...label('service', service), ...label('oneoff', 'False')];
    const ids = await requireRun('ps', '--quiet', '--no-trunc', ...labels);
    return ids.split('\n').filter((id) => id !== '');
  },
  runOnce: (service) => compose.run(['run', '--rm', '--no-deps', '-T', service], true),
  scaleTo: (service, count) =>
    compose.run(['up', '--detach', '--no-deps', '--no-recreate', '--scale', `${service}=${count}`, service], true),
  recreate: (service) => compose.run(['up', '--detach', '--no-deps', '--force-recreate', service], true),
  missingAt: async (id) => {
    const { isDone, out } = await docker('exec', id, 'bash', '-c', lookScript);
    return isDone && out.includes(' 200 ') ? null : out.trim();
  },
  addressOf: async (id) => {
    const addresses = await requireRun('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}', id);
    return addresses.trim().split(/\s+/)[0] ?? '';
  },
  remove: async (id) => {
    await requireRun('stop', '--time', graceSeconds, id);
    await requireRun('rm', id);
  },
});
