import type { AuditEvent } from '@guildhall/contracts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { AccountName } from '../../kit/account-name.tsx';
import { Link } from '../../router/link.tsx';
import { isAltered, type TrailEvent } from './events.ts';
import { ResourceName } from './resource-name.tsx';
import { auditTexts } from './texts.ts';

const looks = { success: 'good', denied: 'warn', failure: 'bad' } as const;

const EventRow = ({ event }: { readonly event: AuditEvent }) => {
  const t = useTexts(auditTexts);
  const format = useFormat();
  const { resource, actor } = event;
  return (
    <tr>
      <td className="nowrap" title={event.occurredAt}>
        {format.exact(event.occurredAt)}
      </td>
      <td>
        <Link to={`/app/audit/${event.id}`}>
          <code>{event.action}</code>
        </Link>
      </td>
      <td className="cut">
        <AccountName id={actor.id} />
      </td>
      <td className="cut">
        {resource.type} <ResourceName resource={resource} />
      </td>
      <td>
        <span className={`badge ${looks[event.result]}`}>{t[event.result]}</span>
      </td>
    </tr>
  );
};

const AlteredRow = ({ leafIndex }: { readonly leafIndex: number }) => {
  const t = useTexts(auditTexts);
  return (
    <tr className="altered-row">
      <td colSpan={4}>{t.alteredTitle(leafIndex)}</td>
      <td>
        <span className="badge bad">{t.altered}</span>
      </td>
    </tr>
  );
};

export const EventTable = ({ events }: { readonly events: readonly TrailEvent[] }) => {
  const t = useTexts(auditTexts);
  return (
    <div className="table-frame" role="region" aria-label={t.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[t.when, t.action, t.who, t.resource, t.result].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) =>
            isAltered(event) ? (
              <AlteredRow key={event.leafIndex} leafIndex={event.leafIndex} />
            ) : (
              <EventRow key={event.leafIndex} event={event} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
};
