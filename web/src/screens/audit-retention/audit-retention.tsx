import { useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { Overtaken } from '../../kit/overtaken.tsx';
import { useDraftOf } from '../../kit/use-draft.ts';
import { Link } from '../../router/link.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { auditTexts } from '../audit/texts.ts';
import { Redaction } from './redaction.tsx';
import { retentionTexts } from './texts.ts';

type Retention = AnswerOf<'getRetention'>;

const dayMs = 86_400_000;
/** The time that the preview counts: what one answer counts at most is a little more. */
const previewDays = 365;

/** Counts what a retention would remove, as far as one answer counts it. */
const Preview = ({ keepDays }: { readonly keepDays: number }) => {
  const t = useTexts(retentionTexts);
  const format = useFormat();
  const [today] = useState(() => Math.floor(Date.now() / dayMs) * dayMs);
  const day = (before: number): string => new Date(today - before * dayMs).toISOString();
  const to = day(keepDays);
  const read = useRead('countAuditEvents', { query: { from: day(keepDays + previewDays), to, by: 'day' } });
  const count = read.data?.items.reduce((sum, item) => sum + item.count, 0);
  if (count === undefined) return null;
  return <p role="status">{t.preview(format.number(count), format.time(to))}</p>;
};

const draftOf = ({ keepDays }: Retention) => ({ days: keepDays === null ? '' : String(keepDays) });

const RetentionForm = ({ retention }: { readonly retention: Retention }) => {
  const t = useTexts(retentionTexts);
  const { base, draft, setDraft, begin, overtaken, takeUp } = useDraftOf(retention, draftOf);
  const [isSaved, setSaved] = useState(false);
  const { version } = base;
  const keepDays = draft.days.trim() === '' ? null : Number(draft.days);
  const isChanged = keepDays !== base.keepDays;
  const save = async (): Promise<void> => {
    begin(await call('setRetention', { version, body: { keepDays } }));
    setSaved(true);
  };
  return (
    <>
      <Overtaken overtaken={overtaken} takeUp={takeUp} label={() => t.days} />
      <TextField
        label={t.days}
        type="number"
        min={1}
        max={36_500}
        value={draft.days}
        onChange={(event) => setDraft({ days: event.target.value })}
      />
      {isChanged && keepDays !== null && keepDays > 0 ? <Preview keepDays={keepDays} /> : null}
      {isSaved && !isChanged ? <Notice look="good">{t.saved}</Notice> : null}
      <Actions actions={[isChanged ? { label: t.save, question: t.sure, run: save } : null]} />
    </>
  );
};

const RetentionPanel = ({ mayManage }: { readonly mayManage: boolean }) => {
  const t = useTexts(retentionTexts);
  const format = useFormat();
  const read = useRead('getRetention', {});
  return (
    <section className="panel stack" aria-labelledby="retention">
      <h2 id="retention">{t.retention}</h2>
      <Shown read={read}>
        {(retention) => (
          <>
            <p>
              {retention.keepDays === null ? t.forEver : t.kept(format.number(retention.keepDays))}{' '}
              {retention.updatedAt === null ? null : t.since(format.time(retention.updatedAt))}
            </p>
            {mayManage ? <RetentionForm retention={retention} /> : null}
          </>
        )}
      </Shown>
    </section>
  );
};

/** The screen of retention: for how long events are kept whole, and what is removed for good. */
export const Screen = () => {
  const t = useTexts(retentionTexts);
  const a = useTexts(auditTexts);
  const me = useRead('getMe', {});
  const mayManage = me.data?.permissions.includes('installation:manage') === true;
  return (
    <Page title={t.title} lead={t.lead} trail={<Link to="/app/audit">{a.back}</Link>}>
      <RetentionPanel mayManage={mayManage} />
      {mayManage ? <Redaction /> : null}
    </Page>
  );
};
