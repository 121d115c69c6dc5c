import type { ReactNode } from 'react';
import type { Fields } from '../api/field-kinds.ts';
import { useDo, usePages } from '../api/reading.ts';
import { useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/notice.tsx';
import { Empty, PagedList } from '../ui/states.tsx';
import { Filters, useFilters } from './filters.tsx';
import type { Choices } from './form.tsx';
import { kitTexts } from './texts.ts';

export interface Badge {
  readonly text: string;
  readonly look?: 'good' | 'warn' | 'bad' | 'info';
}

/** An item as a list shows it. */
export interface Row {
  readonly title: string;
  readonly to?: string;
  readonly badges?: readonly Badge[];
  readonly text?: string;
  readonly note?: string;
  readonly actions?: ReactNode;
}

export const Badges = ({ badges = [] }: Pick<Row, 'badges'>) =>
  badges.map(({ text, look = '' }) => (
    <span key={text} className={`badge ${look}`}>
      {text}
    </span>
  ));

/** Items as rows, each with what can be done to it. */
export const Rows = ({ rows }: { readonly rows: readonly (Row & { readonly id: string })[] }) => (
  <ul className="rows">
    {rows.map(({ id, title, to, badges, text, note, actions }) => (
      <li key={id} className="row">
        {to === undefined ? (
          <span className="row-title">{title}</span>
        ) : (
          <Link className="row-title" to={to}>
            {title}
          </Link>
        )}
        <Badges {...(badges === undefined ? {} : { badges })} />
        {text === undefined || text === '' ? null : <span className="muted row-text">{text}</span>}
        {note === undefined ? null : <span className="row-note">{note}</span>}
        {actions}
      </li>
    ))}
  </ul>
);

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface NounListParts<Item extends { readonly id: string }> {
  /** The operation and its parameters: what the list is remembered by. */
  readonly list: readonly string[];
  readonly read: (query: never) => Promise<PageOf<Item>>;
  readonly filters: Fields;
  readonly choices?: Choices;
  readonly none: string;
  readonly noneText?: string;
  readonly row: (item: Item) => Row;
  /** Brings a deleted item back; without it deleted ones are not listed. */
  readonly restore?: ((item: Item) => Promise<unknown>) | undefined;
}

/** The filters that are shown: deleted items to whoever may restore some. */
const shownFilters = (filters: Fields, mayRestore: boolean): Fields =>
  Object.fromEntries(
    Object.entries(filters).filter(([name, { options = [] }]) => name !== 'state' || mayRestore || options.length > 1),
  );

/** A list of a noun with its filters, read page by page; deleted items are restored from it. */
export const NounList = <Item extends { readonly id: string }>({
  list,
  read,
  filters,
  choices = {},
  none,
  noneText,
  row,
  restore,
}: NounListParts<Item>) => {
  const t = useTexts(kitTexts);
  const shown = shownFilters(filters, restore !== undefined);
  const values = useFilters(shown);
  const pages = usePages<Item>([...list, values], (cursor) =>
    read({ ...values, ...(cursor === undefined ? {} : { cursor }) } as never),
  );
  const restoration = useDo((item: Item) => restore?.(item) ?? Promise.resolve());
  const rowOf = (item: Item): Row & { readonly id: string } => {
    const { to, ...plain } = row(item);
    if (values['state'] !== 'deleted') return { id: item.id, ...plain, ...(to === undefined ? {} : { to }) };
    const actions = (
      <Button look="quiet" aria-label={t.restoreOne(plain.title)} onClick={() => restoration.mutate(item)}>
        {t.restore}
      </Button>
    );
    return { id: item.id, ...plain, actions };
  };
  return (
    <>
      {Object.keys(shown).length === 0 ? null : <Filters fields={shown} choices={choices} />}
      <Problem error={restoration.error} />
      <PagedList pages={pages} empty={<Empty title={none}>{noneText === undefined ? null : <p>{noneText}</p>}</Empty>}>
        {(items) => <Rows rows={items.map(rowOf)} />}
      </PagedList>
    </>
  );
};
