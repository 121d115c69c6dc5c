import type { AuditEvent } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { saveText } from '../../ui/save-text.ts';
import { Shown } from '../../ui/states.tsx';
import { prove, type Verdict } from './prove.ts';
import { auditTexts } from './texts.ts';

const Said = ({ verdict, eventId }: { readonly verdict: Verdict; readonly eventId: string }) => {
  const t = useTexts(auditTexts);
  if (verdict.is === 'open') return <p className="muted">{t[verdict.why]}</p>;
  if (verdict.is === 'broken')
    return (
      <>
        <span className="badge bad">
          <Icon name="cross" />
          {t.broken}
        </span>
        <p>{t[verdict.why]}</p>
      </>
    );
  return (
    <>
      <span className="badge good">
        <Icon name="check" />
        {t.proven}
      </span>
      <p>
        {t.provenText(verdict.leaf, verdict.size)} {verdict.isCompared ? t.extended : null}
      </p>
      <p className="muted">
        <code>{verdict.leafHash}</code>
      </p>
      <div className="buttons">
        <Button onClick={() => saveText(`${eventId}.tlog-proof`, verdict.receipt, 'text/plain')}>{t.download}</Button>
        <Link className="button quiet" to="/app/audit/verify">
          {t.toVerify}
        </Link>
        <span className="muted">{t.downloadHint}</span>
      </div>
    </>
  );
};

interface ProofBadgeParts {
  readonly event: AuditEvent;
  /** The receipt of the event, where it came with it. */
  readonly receipt?: string | null;
}

/** The proof of an event, computed in this browser. */
export const ProofBadge = ({ event, receipt = null }: ProofBadgeParts) => {
  const t = useTexts(auditTexts);
  const proof = useQuery({ queryKey: ['prove', event, receipt], queryFn: () => prove(event, receipt), staleTime: 0 });
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">{t.proof}</h2>
      <div className="proof">
        <Shown read={proof}>{(verdict) => <Said verdict={verdict} eventId={event.id} />}</Shown>
        <div>
          <Button look="quiet" isBusy={proof.isFetching} onClick={() => void proof.refetch()}>
            {t.again}
          </Button>
        </div>
      </div>
    </section>
  );
};
