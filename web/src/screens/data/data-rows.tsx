import { call } from '../../api/call.ts';
import { usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { ShownOrSignIn } from '../../shell/shown-or-sign-in.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { ScreenParts } from '../screens.ts';
import { RowFilter } from './row-filter.tsx';
import { Structure } from './structure.tsx';
import type { Cell, Column, DataTable, Service } from './tables.ts';
import { dataTexts } from './texts.ts';
import './data.css';

const Value = ({ service, column, cell }: { readonly service: Service; readonly column: Column; readonly cell: Cell }) => {
  const t = useTexts(dataTexts);
  const format = useFormat();
  const { text, length } = cell;
  if (text === null) return <span className="muted">{length === null ? t.unknown : t.characters(format.number(length))}</span>;
  const { references } = column;
  if (references === null) return length === null ? text : t.cut(text);
  const filter = encodeURIComponent(`${references.column}:is:${text}`);
  return (
    <Link to={`/app/data/${service}/${references.table}?filter=${filter}`} title={t.follow(references.table)}>
      {text}
    </Link>
  );
};

/** The head of a column: a button that sorts by it where that is possible. */
const Head = ({ column: { name, isSortable } }: { readonly column: Column }) => {
  const t = useTexts(dataTexts);
  const [sort, setSort] = useSearch('sort');
  const [order, setOrder] = useSearch('order');
  if (!isSortable) return name;
  const isSorted = sort === name;
  const onClick = (): void => {
    setOrder(isSorted && order !== 'desc' ? 'desc' : '');
    if (!isSorted) setSort(name);
  };
  return (
    <button type="button" className="button quiet sort" aria-label={t.sortBy(name)} aria-pressed={isSorted} onClick={onClick}>
      {name} {isSorted ? (order === 'desc' ? '↓' : '↑') : ''}
    </button>
  );
};

const Rows = ({ service, table }: { readonly service: Service; readonly table: DataTable }) => {
  const t = useTexts(dataTexts);
  const [filter] = useSearch('filter');
  const [sort] = useSearch('sort');
  const [order] = useSearch('order');
  const query = {
    ...(filter === '' ? {} : { filter }),
    ...(sort === '' ? {} : { sort }),
    ...(order === 'desc' ? { order: 'desc' as const } : {}),
  };
  const pages = usePages(['listDataRows', service, table.name, query], (cursor) =>
    call('listDataRows', {
      params: { service, table: table.name },
      query: { ...query, ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
  return (
    <PagedList pages={pages} empty={<Empty title={t.noRows} />}>
      {(items) => (
        <Table
          label={table.name}
          heads={table.columns.map((column) => (
            <Head key={column.name} column={column} />
          ))}
          rows={items.map(({ cells }, index) => ({
            id: String(index),
            cells: table.columns.map((column, at) => {
              const cell = cells[at];
              return cell === undefined ? t.unknown : <Value key={column.name} service={service} column={column} cell={cell} />;
            }),
          }))}
        />
      )}
    </PagedList>
  );
};

/** Shows the rows of a table: filtered and sorted by the address, with references that lead on. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(dataTexts);
  const name = params['table'] ?? '';
  const read = useRead('listDataTables', {});
  const trail = <Link to="/app/data">{t.title}</Link>;
  return (
    <Page title={`${params['service'] ?? ''}.${name}`} trail={trail} width="full">
      <ShownOrSignIn read={read}>
        {({ services }) => {
          const found = services.find(({ service }) => service === params['service']);
          const table = found?.tables.find((each) => each.name === name);
          if (found === undefined || table === undefined) return <Empty title={t.noTable} />;
          return (
            <>
              <Structure service={found.service} table={table} />
              <RowFilter columns={table.columns} />
              <Rows service={found.service} table={table} />
            </>
          );
        }}
      </ShownOrSignIn>
    </Page>
  );
};
