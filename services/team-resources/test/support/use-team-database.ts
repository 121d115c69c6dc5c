import { test } from 'vitest';
import { openTeamDatabase, type TeamDatabase } from './team-database.ts';

/** One database for all files of a worker whose tests keep to rows of their own: a database costs more than most files ask of it. */
const ofWorker = test.extend('team', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const team = await openTeamDatabase();
  onCleanup(team.close);
  return team;
});

/**
 * A database that other files have used and will: a test keeps to rows of its own, and looks at nothing that there is one of.
 * Throws an Error when it is used outside of a test.
 */
export const useTeamDatabase = (): Omit<TeamDatabase, 'close'> => {
  let opened: TeamDatabase | undefined;
  ofWorker.beforeAll(({ team }) => {
    opened = team;
  });
  const use = (): TeamDatabase => {
    if (opened === undefined) throw new Error('The database is there while tests run, not while they are defined.');
    return opened;
  };
  return {
    get url() {
      return use().url;
    },
    get database() {
      return use().database;
    },
  };
};
