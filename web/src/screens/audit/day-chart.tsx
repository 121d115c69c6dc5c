import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type MouseEvent } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { Shown } from '../../ui/states.tsx';
import { addressOf, type Filters } from './events.ts';
import { auditTexts } from './texts.ts';
import { useTrail } from './trail.ts';

const dayMs = 86_400_000;
const shownDays = 30;
const barHeight = 40;

const timeOf = (ms: number): string => new Date(ms).toISOString();
const dayOf = (ms: number): string => timeOf(ms).slice(0, 10);

interface DaysParts {
  readonly filters: Filters;
  /** The start of today in UTC, in milliseconds. */
  readonly today: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** The filters of the days from one to another, whichever comes first. */
const rangeOf = (filters: Filters, one: number, other: number): Filters => ({
  ...filters,
  from: timeOf(Math.min(one, other)),
  to: timeOf(Math.max(one, other) + dayMs),
});

const isInRange = ({ from = '', to = '' }: Filters, day: number): boolean => from <= timeOf(day) && timeOf(day) < to;

/** Chooses days on the chart: a click one, a drag all that it passes, a click with Shift all from the chosen ones to it. */
const useBrush = (filters: Filters) => {
  const { address } = useTrail();
  const begun = useRef<number | null>(null);
  const choose = (one: number, other: number): void => navigate(addressOf(rangeOf(filters, one, other), address));
  const onPointerUp = (day: number): void => {
    const first = begun.current;
    begun.current = null;
    if (first !== null && first !== day) choose(first, day);
  };
  const onClick = (event: MouseEvent, day: number): void => {
    if (!event.shiftKey || filters.from === undefined) return;
    event.preventDefault();
    choose(new Date(filters.from).getTime(), day);
  };
  const onPointerDown = (day: number): void => {
    begun.current = day;
  };
  return { to: (day: number) => addressOf(rangeOf(filters, day, day), address), onPointerDown, onPointerUp, onClick };
};

/** A bar for each day, the last one today. Each leads to the events of its day, and several are chosen as one range. */
const Days = ({ filters, today, counts }: DaysParts) => {
  const t = useTexts(auditTexts);
  const format = useFormat();
  const brush = useBrush(filters);
  const days = Array.from({ length: shownDays }, (_, index) => today - (shownDays - 1 - index) * dayMs);
  const most = Math.max(1, ...counts.values());
  return (
    <ul className="days">
      {days.map((day) => {
        const count = counts.get(dayOf(day)) ?? 0;
        const height = count === 0 ? 0 : Math.max(1, (count / most) * barHeight);
        const name = t.onDay(format.day(timeOf(day)), format.number(count));
        return (
          <li key={day} onPointerDown={() => brush.onPointerDown(day)} onPointerUp={() => brush.onPointerUp(day)}>
            <Link
              to={brush.to(day)}
              className={isInRange(filters, day) ? 'day chosen' : 'day'}
              title={name}
              aria-label={name}
              draggable={false}
              onClick={(event) => brush.onClick(event, day)}
            >
              <svg viewBox={`0 0 10 ${barHeight}`} preserveAspectRatio="none" aria-hidden="true">
                <rect x="1" width="8" y={barHeight - height} height={height} />
              </svg>
            </Link>
          </li>
        );
      })}
    </ul>
  );
};

const Counted = ({ filters }: { readonly filters: Filters }) => {
  const t = useTexts(auditTexts);
  const trail = useTrail();
  const [today] = useState(() => Math.floor(Date.now() / dayMs) * dayMs);
  const { from: _from, to: _to, ...others } = filters;
  const query = { ...others, from: timeOf(today - (shownDays - 1) * dayMs), to: timeOf(today + dayMs), by: 'day' } as const;
  const read = useQuery({ queryKey: ['count', trail.address, query], queryFn: () => trail.count(query) });
  return (
    <Shown read={read}>
      {({ items }) => (
        <>
          <Days filters={filters} today={today} counts={new Map(items.map(({ key, count }) => [key, count]))} />
          <p className="muted">{t.brushHint}</p>
        </>
      )}
    </Shown>
  );
};

/** A chart of the events on each of the last days. They are counted when somebody looks. */
export const DayChart = ({ filters }: { readonly filters: Filters }) => {
  const t = useTexts(auditTexts);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.byDay}</summary>
      {isOpen ? <Counted filters={filters} /> : null}
    </details>
  );
};
