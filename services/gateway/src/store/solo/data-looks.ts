import type { RowsRequest } from '@guildhall/data-browser';
import type { SoloDatabase } from './open.ts';
import { createWriteAtOnce } from './write.ts';

/** The most looks that are kept: the oldest make room. */
const keptMax = 10_000;

/** A look that somebody is about to take. */
export interface DataLook extends Pick<RowsRequest, 'table' | 'conditions' | 'orderedBy'> {
  /** The account that is signed in beside this machine's user; null for nobody. */
  readonly userId: string | null;
}

/** Records a look into the solo file in the solo file itself. Throws SERVICE_UNAVAILABLE where it cannot: then nothing is shown. */
export type RecordLook = (look: DataLook) => void;

export const createRecordLook = ({ sqlite }: SoloDatabase, newId: () => string): RecordLook => {
  const insert = sqlite.prepare<[string, string, string, string, string | null]>(
    'INSERT INTO data_looks (id, table_name, filtered_by, sorted_by, user_id) VALUES (?, ?, ?, ?, ?)',
  );
  const removeOldest = sqlite.prepare<[number]>(
    `DELETE FROM data_looks WHERE (created_at, id) <=
      (SELECT created_at, id FROM data_looks ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?)`,
  );
  const writeAtOnce = createWriteAtOnce(sqlite);
  return ({ table, conditions, orderedBy, userId }) => {
    const filteredBy = JSON.stringify(conditions.map(({ column }) => column.name));
    const sortedBy = JSON.stringify(orderedBy.map(({ name }) => name));
    writeAtOnce(() => {
      insert.run(newId(), table.name, filteredBy, sortedBy, userId);
      return removeOldest.run(keptMax).changes >= 0;
    });
  };
};
