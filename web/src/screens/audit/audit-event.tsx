import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import './audit.css';
import { EventChanges, EventFacts, textOf } from './event-parts.tsx';
import { isAltered } from './events.ts';
import { ProofBadge } from './proof-badge.tsx';
import { auditTexts } from './texts.ts';

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
            <EventFacts event={event} />
            <Redaction eventId={event.id} />
            <section aria-labelledby="changes">
              <h2 id="changes">{t.changes}</h2>
              <EventChanges event={event} />
            </section>
          </Page>
        )
      }
    </Shown>
  );
};
