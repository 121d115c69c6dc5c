import { useEffect, useRef, useState, type RefObject } from 'react';

/** The most rows that are drawn whether they are in sight or not. */
const drawnWholeMax = 150;
/** The rows that are drawn before and behind those in sight. */
const spare = 40;

interface RowsInSight {
  /** The body of the table, whose rows are about as high as each other. */
  readonly body: RefObject<HTMLTableSectionElement | null>;
  readonly from: number;
  readonly to: number;
  /** The height of what is left out before and behind, in pixels. */
  readonly heights: readonly [before: number, behind: number];
}

interface Sight {
  readonly from: number;
  readonly to: number;
  readonly rowHeight: number;
}

const sightOf = (body: HTMLTableSectionElement): Sight => {
  const row = [...body.rows].find(({ dataset }) => dataset['spacer'] === undefined);
  const rowHeight = Math.max(row?.offsetHeight ?? 0, 20);
  const from = Math.max(0, Math.floor(-body.getBoundingClientRect().top / rowHeight) - spare);
  return { from, to: from + Math.ceil(window.innerHeight / rowHeight) + 2 * spare, rowHeight };
};

/** The rows of a long table that are in sight: a table of 10⁵ rows has no more of them in the page than one of a hundred. */
export const useRowsInSight = (count: number): RowsInSight => {
  const body = useRef<HTMLTableSectionElement>(null);
  const [sight, setSight] = useState<Sight>({ from: 0, to: drawnWholeMax, rowHeight: 0 });
  const isLong = count > drawnWholeMax;
  useEffect(() => {
    if (!isLong) return;
    const look = (): void => {
      if (body.current === null) return;
      const next = sightOf(body.current);
      // A step of a few rows is within what is drawn beside those in sight.
      setSight((before) => (Math.abs(before.from - next.from) < spare / 2 && before.rowHeight > 0 ? before : next));
    };
    look();
    for (const event of ['scroll', 'resize']) window.addEventListener(event, look, { passive: true });
    return () => {
      for (const event of ['scroll', 'resize']) window.removeEventListener(event, look);
    };
  }, [isLong]);
  if (!isLong) return { body, from: 0, to: count, heights: [0, 0] };
  const [from, to] = [Math.min(sight.from, count), Math.min(sight.to, count)];
  return { body, from, to, heights: [from * sight.rowHeight, (count - to) * sight.rowHeight] };
};
