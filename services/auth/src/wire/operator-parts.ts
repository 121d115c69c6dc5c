import { createReadQueues } from '@guildhall/database-link';
import type { OutboxStore, SharedDatabase } from '@guildhall/db';
import { createDataBrowser } from '@guildhall/data-browser/postgres';
import { columnClasses } from '../store/column-classes.ts';
import { createMailDepths } from '../store/mails.ts';
import { schema } from '../store/stores.ts';
import { tableStructures } from '../store/table-structures.ts';

/** The parts that operators look at: the queues of auth, and its tables. Throws for a column that nobody has classified. */
export const createOperatorParts = (database: SharedDatabase, outbox: Pick<OutboxStore, 'append' | 'depth'>) => {
  const { connection } = database;
  return {
    readQueues: createReadQueues({ connection, schema, outboxDepth: outbox.depth, others: createMailDepths(connection) }),
    dataBrowser: createDataBrowser({
      database,
      schema,
      tableStructures,
      columnClasses,
      recordLook: (event) => outbox.append([event]),
    }),
  };
};
