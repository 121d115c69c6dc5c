import type { AuditEvent } from '@guildhall/contracts';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { AccountName } from '../../kit/account-name.tsx';
import { Link } from '../../router/link.tsx';
import { useRowsInSight } from '../../ui/use-rows-in-sight.ts';
import { EventChanges, EventFacts } from './event-parts.tsx';
import { isAltered, type TrailEvent } from './events.ts';
import { ResourceName } from './resource-name.tsx';
import { auditTexts } from './texts.ts';
import { useTrail } from './trail.ts';

const looks = { success: 'good', denied: 'warn', failure: 'bad' } as const;
const columns = 5;

interface ActionParts {
  readonly event: AuditEvent;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** The action of an event: in the whole trail the way to its page, in another one the button that opens its details. */
const Action = ({ event: { id, action }, isOpen, onToggle }: ActionParts) => {
  const t = useTexts(auditTexts);
  const { communityId, isOwn } = useTrail();
  const code = <code>{action}</code>;
  if (communityId === null && !isOwn) return <Link to={`/app/audit/${id}`}>{code}</Link>;
  return (
    <button type="button" className="button quiet" aria-expanded={isOpen} aria-label={t.details(action)} onClick={onToggle}>
      {code}
    </button>
  );
};

const Details = ({ event }: { readonly event: AuditEvent }) => {
  const t = useTexts(auditTexts);
  const { isOwn } = useTrail();
  return (
    <tr>
      <td colSpan={columns} className="event-details">
        <EventFacts event={event} />
        <EventChanges event={event} />
        {isOwn ? null : <p className="muted">{t.proofBy}</p>}
      </td>
    </tr>
  );
};

const EventRow = ({ event }: { readonly event: AuditEvent }) => {
  const t = useTexts(auditTexts);
  const format = useFormat();
  const communityId = useTrail().communityId ?? undefined;
  const [isOpen, setOpen] = useState(false);
  const { resource, actor } = event;
  return (
    <>
      <tr>
        <td className="nowrap" title={event.occurredAt}>
          {format.exact(event.occurredAt)}
        </td>
        <td className="nowrap">
          <Action event={event} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
        </td>
        <td className="cut">
          <AccountName id={actor.id} communityId={communityId} />
        </td>
        <td className="cut">
          {resource.type} <ResourceName resource={resource} />
        </td>
        <td>
          <span className={`badge ${looks[event.result]}`}>{t[event.result]}</span>
        </td>
      </tr>
      {isOpen ? <Details event={event} /> : null}
    </>
  );
};

const AlteredRow = ({ leafIndex }: { readonly leafIndex: number }) => {
  const t = useTexts(auditTexts);
  return (
    <tr className="altered-row">
      <td colSpan={columns - 1}>{t.alteredTitle(leafIndex)}</td>
      <td>
        <span className="badge bad">{t.altered}</span>
      </td>
    </tr>
  );
};

/** The room of rows that are not drawn. */
const Spacer = ({ height }: { readonly height: number }) =>
  height === 0 ? null : (
    <tr aria-hidden="true" data-spacer="">
      <td colSpan={columns} height={height} />
    </tr>
  );

/** Events as rows, however many: those in sight are drawn. */
export const EventTable = ({ events }: { readonly events: readonly TrailEvent[] }) => {
  const t = useTexts(auditTexts);
  const { body, from, to, heights } = useRowsInSight(events.length);
  return (
    <div className="table-frame" role="region" aria-label={t.title} tabIndex={0}>
      <table aria-rowcount={events.length + 1}>
        <thead>
          <tr>
            {[t.when, t.action, t.who, t.resource, t.result].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer height={heights[0]} />
          {events
            .slice(from, to)
            .map((event) =>
              isAltered(event) ? (
                <AlteredRow key={event.leafIndex} leafIndex={event.leafIndex} />
              ) : (
                <EventRow key={event.leafIndex} event={event} />
              ),
            )}
          <Spacer height={heights[1]} />
        </tbody>
      </table>
    </div>
  );
};
