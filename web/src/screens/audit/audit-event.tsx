import type { AuditEvent } from '@guildhall/contracts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { blameAddress } from '../../kit/blame-link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { Actor } from '../audit-blame/actor.tsx';
import './audit.css';
import { addressOf, isAltered } from './events.ts';
import { ProofBadge } from './proof-badge.tsx';
import { ResourceName } from './resource-name.tsx';
import { auditTexts } from './texts.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

const Changes = ({ event: { changes = [], resource } }: { readonly event: AuditEvent }) => {
  const t = useTexts(auditTexts);
  if (changes.length === 0) return <p className="muted">{t.noChanges}</p>;
  return (
    <div className="table-frame" role="region" aria-label={t.changes} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.place}</th>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, before, after }) => (
            <tr key={path}>
              <td>
                <Link to={blameAddress({ type: resource.type, id: resource.id, path })} title={t.whoSet(path)}>
                  <code>{path}</code>
                </Link>
              </td>
              <td>{before === undefined ? null : <pre className="value">{textOf(before)}</pre>}</td>
              <td>{after === undefined ? null : <pre className="value">{textOf(after)}</pre>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Facts = ({ event }: { readonly event: AuditEvent }) => {
  const t = useTexts(auditTexts);
  const format = useFormat();
  const { actor, resource } = event;
  const rows = [
    [t.when, format.exact(event.occurredAt)],
    [
      t.who,
      <Link key="actor" to={addressOf({ actor: actor.id })}>
        <Actor id={actor.id} />
      </Link>,
    ],
    [
      t.resource,
      <Link key="resource" to={addressOf({ resourceType: resource.type, resourceId: resource.id })}>
        {resource.type} <ResourceName resource={resource} />
      </Link>,
    ],
    [t.result, t[event.result]],
    [t.address, actor.ip ?? ''],
    [t.agent, actor.userAgent ?? ''],
    [
      t.request,
      <Link key="request" to={addressOf({ requestId: event.requestId })}>
        {event.requestId}
      </Link>,
    ],
    [t.service, event.service],
    [t.recorded, format.exact(event.recordedAt)],
    [t.leaf, String(event.leafIndex)],
  ] as const;
  return (
    <dl className="facts">
      {rows.flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-value`}>{value}</dd>])}
    </dl>
  );
};

/** Leads whoever may remove the content of the event to where that is done. */
const Redaction = ({ eventId }: { readonly eventId: string }) => {
  const t = useTexts(auditTexts);
  const me = useRead('getMe', {});
  if (me.data?.permissions.includes('installation:manage') !== true) return null;
  return (
    <p>
      <Link to={`/app/audit/retention?eventIds=${eventId}`}>{t.redact}</Link>
    </p>
  );
};

/** One event of the trail with what changed and its proof; or what stands where somebody altered one. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(auditTexts);
  const read = useRead('getAuditEvent', { params: { eventId: params['eventId'] ?? '' } });
  const trail = <Link to="/app/audit">{t.back}</Link>;
  return (
    <Shown read={read}>
      {(event) =>
        isAltered(event) ? (
          <Page title={t.alteredTitle(event.leafIndex)} trail={trail}>
            <Notice look="bad" title={t.broken}>
              <p>{t.alteredText}</p>
            </Notice>
            <section aria-labelledby="says">
              <h2 id="says">{t.says}</h2>
              <pre className="value">{textOf(event.altered)}</pre>
            </section>
          </Page>
        ) : (
          <Page title={event.action} trail={trail}>
            <ProofBadge event={event} />
            <Facts event={event} />
            <Redaction eventId={event.id} />
            <section aria-labelledby="changes">
              <h2 id="changes">{t.changes}</h2>
              <Changes event={event} />
            </section>
          </Page>
        )
      }
    </Shown>
  );
};
