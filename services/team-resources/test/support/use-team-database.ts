import { untilTablesReady } from '@guildhall/testkit/service';
import { sharedByWorker } from '@guildhall/testkit/shared-by-worker';
import { openTeamDatabase, type TeamDatabase } from './team-database.ts';

const use = sharedByWorker({
  open: openTeamDatabase,
  close: ({ close }) => close(),
  untilReady: ({ database }) => untilTablesReady(database),
});

/** A database that other files have used and will: a test keeps to rows of its own, and looks at nothing that there is one of. */
export const useTeamDatabase = (): Omit<TeamDatabase, 'close'> => use();
