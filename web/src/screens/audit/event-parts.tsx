import type { AuditEvent } from '@guildhall/contracts';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { blameAddress } from '../../kit/blame-link.tsx';
import { Facts } from '../../kit/facts.tsx';
import { Link } from '../../router/link.tsx';
import { Actor } from '../audit-blame/actor.tsx';
import { addressOf, type Filters } from './events.ts';
import { ResourceName } from './resource-name.tsx';
import { auditTexts } from './texts.ts';
import { useTrail } from './trail.ts';

interface EventParts {
  readonly event: AuditEvent;
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** A path that an event changed, and the way to who set its value; in the own trail, which has no such way, the path alone. */
const Path = ({ event: { resource }, path }: EventParts & { readonly path: string }) => {
  const t = useTexts(auditTexts);
  const { communityId, isOwn } = useTrail();
  const code = <code>{path}</code>;
  if (isOwn) return code;
  return (
    <Link to={blameAddress({ type: resource.type, id: resource.id, path }, communityId ?? undefined)} title={t.whoSet(path)}>
      {code}
    </Link>
  );
};

/** The changes of an event, from what to what. */
export const EventChanges = ({ event }: EventParts) => {
  const t = useTexts(auditTexts);
  const { changes = [] } = event;
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
                <Path event={event} path={path} />
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

/** Leads to the events of the trail that have something in common with this one. */
const Alike = ({ filters, children }: { readonly filters: Filters; readonly children: ReactNode }) => {
  const { address, isOwn } = useTrail();
  return isOwn ? children : <Link to={addressOf(filters, address)}>{children}</Link>;
};

/** Tells who did it, when, to what, from where, and where it stands in the log. */
export const EventFacts = ({ event }: EventParts) => {
  const t = useTexts(auditTexts);
  const format = useFormat();
  const communityId = useTrail().communityId ?? undefined;
  const { actor, resource, requestId } = event;
  const who = (
    <Alike filters={{ actor: actor.id }}>
      <Actor id={actor.id} communityId={communityId} />
    </Alike>
  );
  const what = (
    <Alike filters={{ resourceType: resource.type, resourceId: resource.id }}>
      {resource.type} <ResourceName resource={resource} />
    </Alike>
  );
  return (
    <Facts
      facts={[
        [t.when, format.exact(event.occurredAt)],
        [t.who, who],
        [t.resource, what],
        [t.result, t[event.result]],
        [t.address, actor.ip],
        [t.agent, actor.userAgent],
        [
          t.request,
          <Alike key="request" filters={{ requestId }}>
            {requestId}
          </Alike>,
        ],
        [t.service, event.service],
        [t.recorded, format.exact(event.recordedAt)],
        [t.leaf, String(event.leafIndex)],
      ]}
    />
  );
};
