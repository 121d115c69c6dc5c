import { claimData } from './running.ts';

/** Claims the folder, tells its parent how that went, and stays until it is killed. */
const [folder = ''] = process.argv.slice(2);
const answer = await claimData(folder, 'team', () => {}).then(
  () => 'claimed',
  (error: unknown) => String(error instanceof Error ? error.message : error),
);
process.send?.(answer);
process.on('message', () => {});
