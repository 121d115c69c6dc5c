import { useState } from 'react';
import { call } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { usePlace } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import './audit.css';
import { filtersIn } from './events.ts';
import { DayChart } from './day-chart.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { EventTable } from './event-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { useLiveTail } from './live-tail.ts';
import { auditTexts } from './texts.ts';

interface WaysParts {
  readonly isLive: boolean;
  readonly onLive: (isLive: boolean) => void;
  readonly onExport: () => void;
}

/** The ways on from the list of events. */
const Ways = ({ isLive, onLive, onExport }: WaysParts) => {
  const t = useTexts(auditTexts);
  return (
    <>
      <Link className="button quiet" to="/app/audit/retention">
        {t.retention}
      </Link>
      <Link className="button quiet" to="/app/audit/verify">
        {t.toVerify}
      </Link>
      <Link className="button plain" to="/app/audit/blame">
        {t.blame}
      </Link>
      <Button onClick={onExport}>{t.export}</Button>
      <Button icon="live" aria-pressed={isLive} onClick={() => onLive(!isLive)}>
        {isLive ? t.pause : t.live}
      </Button>
    </>
  );
};

/** The audit trail: filters stand in the address, new events can be followed, altered rows are marked. */
export const Screen = () => {
  const t = useTexts(auditTexts);
  const filters = filtersIn(usePlace().search);
  const [isLive, setLive] = useState(false);
  const [isExporting, setExporting] = useState(false);
  const query = { ...filters, limit: 50 } as { limit: number };
  const pages = usePages(['listAuditEvents', filters], (cursor) =>
    call('listAuditEvents', { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const fresh = useLiveTail(isLive, filters);
  return (
    <Page title={t.title} lead={t.lead} actions={<Ways isLive={isLive} onLive={setLive} onExport={() => setExporting(true)} />}>
      <FilterBar filters={filters} />
      <DayChart filters={filters} />
      {isExporting ? <ExportDialog filters={filters} onClose={() => setExporting(false)} /> : null}
      {isLive ? (
        <p className="muted" role="status">
          {t.following}
        </p>
      ) : null}
      <PagedList pages={pages} empty={<Empty title={t.none} />}>
        {(items) => {
          const known = new Set(items.map(({ leafIndex }) => leafIndex));
          return <EventTable events={[...fresh.filter(({ leafIndex }) => !known.has(leafIndex)), ...items]} />;
        }}
      </PagedList>
    </Page>
  );
};
