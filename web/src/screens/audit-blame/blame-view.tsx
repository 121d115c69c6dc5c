import type { AuditBlame, AuditEvent } from '@guildhall/contracts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Facts } from '../../kit/facts.tsx';
import { Link } from '../../router/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { isAltered } from '../audit/events.ts';
import { ProofBadge } from '../audit/proof-badge.tsx';
import '../audit/audit.css';
import { Actor } from './actor.tsx';
import { blameTexts } from './texts.ts';

const Value = ({ value }: { readonly value: unknown }) => {
  const t = useTexts(blameTexts);
  if (value === undefined) return <span className="muted">{t.nothing}</span>;
  return <pre className="value">{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>;
};

interface SetterParts {
  readonly event: AuditEvent;
  readonly change: NonNullable<AuditBlame['change']>;
  readonly communityId: string | undefined;
}

/** Who set the value, when, and from what. */
const Setter = ({ event, change, communityId }: SetterParts) => {
  const t = useTexts(blameTexts);
  const format = useFormat();
  const action = <code>{event.action}</code>;
  return (
    <section className="panel" aria-label={t.title}>
      <Facts
        facts={[
          [t.who, <Actor key="who" id={event.actor.id} communityId={communityId} />],
          [t.when, format.exact(event.occurredAt)],
          [t.from, <Value key="from" value={change.before} />],
          [t.to, <Value key="to" value={change.after} />],
          [t.with, communityId === undefined ? <Link to={`/app/audit/${event.id}`}>{action}</Link> : action],
        ]}
      />
    </section>
  );
};

const looks = { set: 'good', uncertain: 'warn', altered: 'bad', removed: 'warn', untold: 'plain', older: 'plain' } as const;

interface BlameViewParts {
  readonly blame: AuditBlame;
  readonly communityId?: string;
  /** Looks for events before this time. */
  readonly onOlder: (to: string) => void;
}

/** The answer to the question who set a value. */
export const BlameView = ({ blame, communityId, onOlder }: BlameViewParts) => {
  const t = useTexts(blameTexts);
  const format = useFormat();
  const { state, event, change, receipt, removed, isLogWhole, searchedSince, proof } = blame;
  const gone = removed.pruned + removed.redacted;
  const isOlder = state === 'older' && searchedSince !== null;
  return (
    <>
      <Notice look={looks[state]}>
        <p>{t[state]}</p>
        {gone === 0 ? null : <p>{t.gone(gone)}</p>}
        {isLogWhole ? null : <p>{t.notWhole}</p>}
        {isOlder ? (
          <button type="button" className="button plain" onClick={() => onOlder(searchedSince)}>
            {t.askOlder(format.exact(searchedSince))}
          </button>
        ) : null}
      </Notice>
      {event === null || change === null || isAltered(event) ? null : (
        <>
          <Setter event={event} change={change} communityId={communityId} />
          {proof === 'pending' || proof === 'broken' ? (
            <Notice look={proof === 'broken' ? 'bad' : 'plain'}>{t[proof]}</Notice>
          ) : null}
          {receipt === null ? null : <ProofBadge event={event} receipt={receipt} />}
        </>
      )}
    </>
  );
};
