import { useEffect, useRef, type ReactNode } from 'react';
import type { ProblemCode } from '../api/problem.ts';
import { problemIn } from '../api/reading.ts';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Problem } from './notice.tsx';

const texts = defineTexts(
  { loading: 'Loading …', more: 'Show more', soFar: 'Nothing was found so far.' },
  { loading: '加载中…', more: '显示更多', soFar: '目前还没有找到。' },
);

/** Grey lines in the shape of what is coming. */
export const Loading = ({ lines = 3 }: { readonly lines?: number }) => {
  const t = useTexts(texts);
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{t.loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className="loading-line" />
      ))}
    </div>
  );
};

/** A list or view without content says what would be here, and how to begin. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ReactNode }) => (
  <div className="empty">
    <p className="empty-title">{title}</p>
    {children}
  </div>
);

interface Readable<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** Answers after which nothing of what was read before may stay in sight. */
const takenAway: ReadonlySet<ProblemCode> = new Set([
  'UNAUTHENTICATED',
  'SESSION_ENDED',
  'ACCOUNT_SUSPENDED',
  'FORBIDDEN',
  'NOT_FOUND',
  'GONE',
]);

/** A read in each of its states: on its way, failed, there. What was there stays visible beside an error, unless it tells that it may not. */
export const Shown = <T,>({ read, children }: { readonly read: Readable<T>; readonly children: (data: T) => ReactNode }) => {
  const problem = problemIn(read);
  const isShown = problem === null || !takenAway.has(problem.code);
  return (
    <>
      {problem === null ? null : <Problem error={problem} onAgain={() => void read.refetch()} />}
      {read.data === undefined && problem === null ? <Loading /> : null}
      {read.data === undefined || !isShown ? null : children(read.data)}
    </>
  );
};

interface Pages<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

interface ListParts<T> {
  readonly pages: Pages<T>;
  readonly empty: ReactNode;
  /** Whether the next page is read by itself, once the end of the list comes into sight. */
  readonly isEndless?: boolean;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** Reads the next page when an element comes into sight; not behind a page that failed or was empty. */
const useEndless = <T,>({ pages, isEndless = false }: Pick<ListParts<T>, 'pages' | 'isEndless'>) => {
  const end = useRef<HTMLButtonElement>(null);
  const { data, error, isFetchingNextPage, fetchNextPage } = pages;
  const isOn = isEndless && error === null && !isFetchingNextPage && (data?.pages.at(-1)?.items.length ?? 0) > 0;
  useEffect(() => {
    if (!isOn || end.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void fetchNextPage();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [isOn, fetchNextPage]);
  return end;
};

const NextPage = <T,>({ pages, isEndless = false }: Pick<ListParts<T>, 'pages' | 'isEndless'>) => {
  const t = useTexts(texts);
  const end = useEndless({ pages, isEndless });
  return (
    <button
      ref={end}
      type="button"
      className="button plain more"
      disabled={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {t.more}
    </button>
  );
};

/** A list that is read page by page. A search may find nothing in its first pages, and something in a later one. */
export const PagedList = <T,>({ pages, empty, isEndless = false, children }: ListParts<T>) => {
  const t = useTexts(texts);
  return (
    <Shown read={pages}>
      {(data) => {
        const items = data.pages.flatMap((page) => page.items);
        const nothing = pages.hasNextPage ? <p className="muted">{t.soFar}</p> : empty;
        return (
          <>
            {items.length === 0 ? nothing : children(items)}
            {pages.hasNextPage ? <NextPage pages={pages} isEndless={isEndless} /> : null}
          </>
        );
      }}
    </Shown>
  );
};
