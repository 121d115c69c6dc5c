import { useState } from 'react';
import { usePages } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { usePlace } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import './audit.css';
import { DayChart } from './day-chart.tsx';
import { EventTable } from './event-table.tsx';
import { filtersIn, type Filters } from './events.ts';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { useLiveTail } from './live-tail.ts';
import { auditTexts } from './texts.ts';
import { useTrail } from './trail.ts';

const limit = 100;

interface EventsParts {
  readonly filters: Filters;
  readonly isLive: boolean;
}

/** The events that were searched for, those that happen meanwhile above them. */
const Events = ({ filters, isLive }: EventsParts) => {
  const t = useTexts(auditTexts);
  const trail = useTrail();
  const pages = usePages(
    ['audit-events', trail.address, filters],
    (cursor) => trail.list({ ...filters, limit, ...(cursor === undefined ? {} : { cursor }) }),
    // What happened stays: pages that were read are not read again by thousands.
    { isKept: true },
  );
  const fresh = useLiveTail(isLive, filters);
  return (
    <PagedList pages={pages} empty={<Empty title={t.none} />} isEndless>
      {(items) => {
        const known = new Set(items.map(({ leafIndex }) => leafIndex));
        return <EventTable events={[...fresh.filter(({ leafIndex }) => !known.has(leafIndex)), ...items]} />;
      }}
    </PagedList>
  );
};

/** Searches, counts, follows and exports the events of a trail. Filters stand in the address. */
export const Explorer = () => {
  const t = useTexts(auditTexts);
  const filters = filtersIn(usePlace().search);
  const [isLive, setLive] = useState(false);
  const [isExporting, setExporting] = useState(false);
  return (
    <>
      <div className="buttons">
        <Button onClick={() => setExporting(true)}>{t.export}</Button>
        <Button icon="live" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
          {isLive ? t.pause : t.live}
        </Button>
      </div>
      <FilterBar filters={filters} />
      <DayChart filters={filters} />
      {isExporting ? <ExportDialog filters={filters} onClose={() => setExporting(false)} /> : null}
      {isLive ? (
        <p className="muted" role="status">
          {t.following}
        </p>
      ) : null}
      <Events filters={filters} isLive={isLive} />
    </>
  );
};
