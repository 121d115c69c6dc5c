import { call, type AnswerOf } from '../../api/call.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { auditTexts } from '../audit/texts.ts';
import './audit-rejected.css';
import { rejectedTexts } from './texts.ts';

type Rejected = AnswerOf<'listRejectedEvents'>['items'][number];

const Letter = ({ letter, onRetry }: { readonly letter: Rejected; readonly onRetry: (() => void) | null }) => {
  const t = useTexts(rejectedTexts);
  const format = useFormat();
  const { id, raw, reason, rejectedAt } = letter;
  return (
    <li className="panel stack dead-letter">
      <p>{reason}</p>
      <p className="muted">
        <code>{id}</code> · <span title={format.exact(rejectedAt)}>{t.rejected(format.ago(rejectedAt))}</span>
      </p>
      <details>
        <summary>{t.message}</summary>
        <pre>{JSON.stringify(raw, null, 2)}</pre>
      </details>
      {onRetry === null ? null : (
        <div>
          <Button aria-label={t.retryOne(id)} onClick={onRetry}>
            {t.retry}
          </Button>
        </div>
      )}
    </li>
  );
};

/** Messages that could not be stored as events; whoever runs the installation tries one again. */
export const Screen = () => {
  const [t, a] = [useTexts(rejectedTexts), useTexts(auditTexts)];
  const me = useRead('getMe', {});
  const mayRetry = me.data?.permissions.includes('installation:manage') === true;
  const pages = usePages(['listRejectedEvents'], (cursor) =>
    call('listRejectedEvents', { query: cursor === undefined ? {} : { cursor } }),
  );
  const retry = useDo((eventId: string) => call('retryRejectedEvent', { params: { eventId } }));
  return (
    <Page title={t.title} lead={t.lead} trail={<Link to="/app/audit">{a.back}</Link>}>
      <Problem error={retry.error} />
      {retry.isSuccess ? <Notice look="good">{t.stored}</Notice> : null}
      <PagedList
        pages={pages}
        empty={
          <Empty title={t.none}>
            <p>{t.noneText}</p>
          </Empty>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map((letter) => (
              <Letter key={letter.id} letter={letter} onRetry={mayRetry ? () => retry.mutate(letter.id) : null} />
            ))}
          </ul>
        )}
      </PagedList>
    </Page>
  );
};
