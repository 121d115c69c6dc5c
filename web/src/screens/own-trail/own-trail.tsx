import { call, type CallOf } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Select } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { accountTexts } from '../account/texts.ts';
import '../audit/audit.css';
import { EventTable } from '../audit/event-table.tsx';
import type { TrailEvent } from '../audit/events.ts';
import { auditTexts } from '../audit/texts.ts';
import { TrailOf, wholeTrail } from '../audit/trail.ts';

type Result = NonNullable<NonNullable<CallOf<'listOwnEvents'>['query']>['result']>;
type Events = readonly TrailEvent[];

const limit = 100;
const results = ['success', 'denied', 'failure'] as const;
const ownTrail = { ...wholeTrail, address: '/app/account/trail', isOwn: true };

const ResultFilter = ({ result, onChange }: { readonly result: string; readonly onChange: (result: string) => void }) => {
  const t = useTexts(auditTexts);
  return (
    <div className="filters">
      <Select label={t.result} value={result} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t.any}</option>
        {results.map((one) => (
          <option key={one} value={one}>
            {t[one]}
          </option>
        ))}
      </Select>
    </div>
  );
};

const List = ({ events }: { readonly events: Events }) => (
  <TrailOf value={ownTrail}>
    <EventTable events={events} />
  </TrailOf>
);

/** The trail of the person: what they did, and what others did to their account. */
export const Screen = () => {
  const t = useTexts(accountTexts);
  const a = useTexts(auditTexts);
  const [result, setResult] = useSearch('result');
  const query = { limit, ...(result === '' ? {} : { result: result as Result }) };
  const pages = usePages(
    ['listOwnEvents', result],
    (cursor) => call('listOwnEvents', { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } }),
    { isKept: true },
  );
  return (
    <Page title={t.trail} lead={t.trailLead} trail={<Link to="/app/account">{t.title}</Link>}>
      <ResultFilter result={result} onChange={setResult} />
      <PagedList pages={pages} empty={<Empty title={a.none} />} isEndless>
        {(items) => <List events={items} />}
      </PagedList>
    </Page>
  );
};
