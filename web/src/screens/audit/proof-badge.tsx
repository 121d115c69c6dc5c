import type { AuditEvent } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Shown } from '../../ui/states.tsx';
import { prove, type Verdict } from './prove.ts';
import { auditTexts } from './texts.ts';

const save = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};

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
        {t.provenText(verdict.leaf, verdict.size)} {t.extended}
      </p>
      <p className="muted">
        <code>{verdict.leafHash}</code>
      </p>
      <div className="buttons">
        <Button onClick={() => save(`${eventId}.tlog-proof`, verdict.receipt)}>{t.download}</Button>
        <span className="muted">{t.downloadHint}</span>
      </div>
    </>
  );
};

/** The proof of an event, computed in this browser. */
export const ProofBadge = ({ event }: { readonly event: AuditEvent }) => {
  const t = useTexts(auditTexts);
  const proof = useQuery({ queryKey: ['prove', event], queryFn: () => prove(event), staleTime: 0 });
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
