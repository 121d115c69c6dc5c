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
import { EventTable } from './event-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { useLiveTail } from './live-tail.ts';
import { auditTexts } from './texts.ts';

/** The audit trail: filters stand in the address, new events can be followed, altered rows are marked. */
export const Screen = () => {
  const t = useTexts(auditTexts);
  const filters = filtersIn(usePlace().search);
  const [isLive, setLive] = useState(false);
  const query = { ...filters, limit: 50 } as { limit: number };
  const pages = usePages(['listAuditEvents', filters], (cursor) =>
    call('listAuditEvents', { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const fresh = useLiveTail(isLive, filters);
  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
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
          <Button icon="live" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
            {isLive ? t.pause : t.live}
          </Button>
        </>
      }
    >
      <FilterBar filters={filters} />
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
