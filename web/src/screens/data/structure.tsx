import { Fragment } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Table } from '../../ui/table.tsx';
import type { DataTable, Service } from './tables.ts';
import { dataTexts } from './texts.ts';

/** The columns of a table with their types, classes, keys and references, folded until somebody looks. */
export const Structure = ({ service, table }: { readonly service: Service; readonly table: DataTable }) => {
  const t = useTexts(dataTexts);
  const { columns, secretColumns } = table;
  return (
    <details>
      <summary>{t.structure}</summary>
      <Table
        label={t.structure}
        heads={[t.column, t.type, t.holds, t.references]}
        rows={columns.map(({ name, type, isNullable, class: columnClass, isKey, references }) => ({
          id: name,
          cells: [
            <code key="name">{name}</code>,
            isNullable ? `${type}?` : type,
            <Fragment key="class">
              <span className="badge">{t.class[columnClass]}</span> {isKey ? <span className="badge info">{t.key}</span> : null}
            </Fragment>,
            references === null ? null : (
              <Link key="references" to={`/app/data/${service}/${references.table}`}>
                {t.refersTo(references.table)}
              </Link>
            ),
          ],
        }))}
      />
      {secretColumns.length === 0 ? null : <p className="muted">{t.secret(secretColumns.join(', '))}</p>}
    </details>
  );
};
