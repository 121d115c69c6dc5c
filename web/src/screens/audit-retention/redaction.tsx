import { useState } from 'react';
import { call, type AnswerOf, type CallOf } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { retentionTexts } from './texts.ts';

type Body = CallOf<'redactEvents'>['body'];
type Removal = AnswerOf<'redactEvents'>;

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

interface Meant {
  readonly userId: string;
  readonly emails: string;
  readonly eventIds: string;
}

/** The body that names a person or events; null for both and for none. */
const bodyOf = ({ userId, emails, eventIds }: Meant): Body | null => {
  const [id, ids, addresses] = [userId.trim(), linesOf(eventIds), linesOf(emails)];
  if ((id === '') === (ids.length === 0)) return null;
  return id === '' ? { eventIds: ids } : { userId: id, ...(addresses.length === 0 ? {} : { emails: addresses }) };
};

const Numbers = ({ removal: { removed, kept, isDryRun } }: { readonly removal: Removal }) => {
  const t = useTexts(retentionTexts);
  const format = useFormat();
  return (
    <Notice look={isDryRun ? 'warn' : 'good'}>
      <p>{isDryRun ? t.would(format.number(removed)) : t.done(format.number(removed))}</p>
      {kept === 0 ? null : <p>{t.stay(format.number(kept))}</p>}
    </Notice>
  );
};

const MeantFields = ({ meant, onChange }: { readonly meant: Meant; readonly onChange: (meant: Meant) => void }) => {
  const t = useTexts(retentionTexts);
  return (
    <>
      <TextField
        label={t.userId}
        value={meant.userId}
        spellCheck={false}
        onChange={(event) => onChange({ ...meant, userId: event.target.value })}
      />
      <TextArea label={t.emails} value={meant.emails} onChange={(event) => onChange({ ...meant, emails: event.target.value })} />
      <TextArea
        label={t.eventIds}
        hint={t.oneOf}
        value={meant.eventIds}
        spellCheck={false}
        onChange={(event) => onChange({ ...meant, eventIds: event.target.value })}
      />
    </>
  );
};

/** Removes what the trail holds of a person, or single events: counted first. */
export const Redaction = () => {
  const t = useTexts(retentionTexts);
  const [userId] = useSearch('userId');
  const [eventIds] = useSearch('eventIds');
  const [meant, setMeant] = useState<Meant>({ userId, emails: '', eventIds });
  const body = bodyOf(meant);
  const trial = useDo((given: Body) => call('redactEvents', { query: { dryRun: 'true' }, body: given }));
  const removal = useDo((given: Body) => call('redactEvents', { query: { dryRun: 'false' }, body: given }));
  const onChange = (next: Meant): void => {
    trial.reset();
    removal.reset();
    setMeant(next);
  };
  const counted = removal.data ?? trial.data;
  return (
    <section className="panel stack" aria-labelledby="redaction">
      <h2 id="redaction">{t.redaction}</h2>
      <p className="muted">{t.redactionText}</p>
      <MeantFields meant={meant} onChange={onChange} />
      <Problem error={trial.error} />
      {counted === undefined ? null : <Numbers removal={counted} />}
      <div className="buttons">
        <Button isBusy={trial.isPending} disabled={body === null} onClick={() => body !== null && trial.mutate(body)}>
          {t.try}
        </Button>
        {trial.data === undefined || body === null || removal.data !== undefined ? null : (
          <Actions actions={[{ label: t.redact, look: 'danger', question: t.sure, run: () => removal.mutateAsync(body) }]} />
        )}
      </div>
    </section>
  );
};
