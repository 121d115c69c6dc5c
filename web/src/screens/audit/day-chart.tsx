import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Shown } from '../../ui/states.tsx';
import { addressOf, type Filters } from './events.ts';
import { auditTexts } from './texts.ts';

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

/** A bar for each day, the last one today. Each leads to the events of its day. */
const Days = ({ filters, today, counts }: DaysParts) => {
  const t = useTexts(auditTexts);
  const format = useFormat();
  const days = Array.from({ length: shownDays }, (_, index) => today - (shownDays - 1 - index) * dayMs);
  const most = Math.max(1, ...counts.values());
  return (
    <ul className="days">
      {days.map((day) => {
        const count = counts.get(dayOf(day)) ?? 0;
        const height = count === 0 ? 0 : Math.max(1, (count / most) * barHeight);
        const name = t.onDay(format.day(timeOf(day)), format.number(count));
        const to = addressOf({ ...filters, from: timeOf(day), to: timeOf(day + dayMs) });
        return (
          <li key={day}>
            <Link to={to} className={filters.from === timeOf(day) ? 'day chosen' : 'day'} title={name} aria-label={name}>
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
  const [today] = useState(() => Math.floor(Date.now() / dayMs) * dayMs);
  const { from: _from, to: _to, ...others } = filters;
  const range = { from: timeOf(today - (shownDays - 1) * dayMs), to: timeOf(today + dayMs) };
  const read = useRead('countAuditEvents', { query: { ...others, ...range, by: 'day' } as { by: 'day' } & typeof range });
  return (
    <Shown read={read}>
      {({ items }) => <Days filters={filters} today={today} counts={new Map(items.map(({ key, count }) => [key, count]))} />}
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
