import type { ReactNode } from 'react';
import { useDo, usePages } from '../api/reading.ts';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { navigate, useSearch } from '../router/router.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, PagedList } from '../ui/states.tsx';
import { historyTexts } from './history-texts.ts';

interface SavedVersion {
  readonly version: number;
  readonly note: string;
  readonly restoredFrom: number | null;
  readonly createdByName: string;
  readonly createdAt: string;
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface HistoryParts {
  readonly item: { readonly id: string; readonly name: string; readonly version: number };
  /** The address of the item. The one of its history lies below it. */
  readonly address: string;
  /** The address that a restored version is looked at; that of the item where there is no other. */
  readonly restoredTo?: string;
  /** The name by which the versions are remembered. */
  readonly list: string;
  readonly read: (query: { readonly cursor?: string }) => Promise<PageOf<SavedVersion>>;
  readonly restore: (version: number) => Promise<unknown>;
  /** The differences of two versions. */
  readonly children: (from: number, to: number) => ReactNode;
}

interface WaysParts {
  readonly version: number;
  /** The version that was saved before; null where none was. */
  readonly before: number | null;
  readonly current: number;
  readonly address: string;
}

const Ways = ({ version, before, current, address }: WaysParts) => {
  const t = useTexts(historyTexts);
  return (
    <span className="buttons">
      {before === null ? null : (
        <Link className="button quiet" to={`${address}?from=${before}&to=${version}`}>
          {t.compareBefore(before)}
        </Link>
      )}
      {version === current ? null : (
        <Link className="button quiet" to={`${address}?from=${version}&to=${current}`}>
          {t.compareCurrent}
        </Link>
      )}
    </span>
  );
};

interface VersionsParts {
  readonly items: readonly SavedVersion[];
  readonly address: string;
}

/** The saved versions, newest first. Their numbers may have gaps: deleting raises the number, too, and saves no version. */
const Versions = ({ items, address }: VersionsParts) => {
  const t = useTexts(historyTexts);
  const format = useFormat();
  const current = items[0]?.version ?? 1;
  // The one before the last that was read is not known, and most likely the number before.
  const beforeOf = (place: number, version: number): number | null =>
    items[place + 1]?.version ?? (version === 1 ? null : version - 1);
  return (
    <ol className="rows">
      {items.map(({ version, note, restoredFrom, createdByName, createdAt }, place) => (
        <li key={version} className="row">
          <span className="row-title">{t.version(version)}</span>
          {version === current ? <span className="badge info">{t.current}</span> : null}
          {restoredFrom === null ? null : <span className="badge">{t.restoredFrom(restoredFrom)}</span>}
          <span>{note}</span>
          <span className="row-note" title={format.exact(createdAt)}>
            {createdByName === '' ? t.you : createdByName} · {format.ago(createdAt)}
          </span>
          <Ways version={version} before={beforeOf(place, version)} current={current} address={address} />
        </li>
      ))}
    </ol>
  );
};

interface RestoreParts extends Pick<HistoryParts, 'item' | 'restore'> {
  readonly version: number;
  readonly to: string;
}

/** Saves an earlier version again, as the next one. The comparison above shows what that takes back. */
const Restore = ({ item, restore, version, to }: RestoreParts) => {
  const t = useTexts(historyTexts);
  const restoration = useDo(
    () => restore(version),
    () => navigate(to),
  );
  return (
    <div className="stack">
      <Problem error={restoration.error} />
      <div className="buttons">
        <Button isBusy={restoration.isPending} onClick={() => restoration.mutate(undefined)}>
          {t.restore(version)}
        </Button>
        <span className="muted">{t.restoreHint(item.version + 1)}</span>
      </div>
    </div>
  );
};

const Comparison = ({ parts, from, to }: { readonly parts: HistoryParts; readonly from: number; readonly to: number }) => {
  const t = useTexts(historyTexts);
  const { item, address, restoredTo = address, restore, children } = parts;
  const older = Math.min(from, to);
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">{t.comparison(from, to)}</h2>
      {children(from, to)}
      {older === item.version ? null : <Restore item={item} restore={restore} version={older} to={restoredTo} />}
    </section>
  );
};

/** Every saved version of an item; any two compared, and any one restored after a look at what that changes. */
export const History = (parts: HistoryParts) => {
  const { item, address, restoredTo = address, list, read } = parts;
  const t = useTexts(historyTexts);
  const [[from], [to]] = [useSearch('from'), useSearch('to')];
  const pages = usePages([list, item.id], (cursor) => read(cursor === undefined ? {} : { cursor }));
  return (
    <Page title={t.title(item.name)} trail={<Link to={restoredTo}>{item.name}</Link>}>
      {from === '' || to === '' ? null : <Comparison parts={parts} from={Number(from)} to={Number(to)} />}
      <section aria-labelledby="versions">
        <h2 id="versions">{t.versions}</h2>
        <PagedList pages={pages} empty={<Empty title={t.none} />}>
          {(items) => <Versions items={items} address={`${address}/history`} />}
        </PagedList>
      </section>
    </Page>
  );
};
