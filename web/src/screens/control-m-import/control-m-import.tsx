import type { ControlMImport } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { Choose } from './choose.tsx';
import { isTooLarge, withDocuments, type SourceDocument } from './documents.ts';
import './import.css';
import { Outcome } from './outcome.tsx';
import { importTexts } from './texts.ts';

interface Draft {
  readonly documents: readonly SourceDocument[];
  readonly note: string;
  readonly isReplacing: boolean;
}

const run = (workspaceId: string, { documents, note, isReplacing }: Draft, isDryRun: boolean): Promise<ControlMImport> =>
  call('importControlM', {
    params: { workspaceId },
    query: { dryRun: isDryRun ? 'true' : 'false', replace: isReplacing ? 'true' : 'false' },
    body: { documents: [...documents], ...(note === '' ? {} : { note }) },
  });

interface ChosenParts {
  readonly documents: readonly SourceDocument[];
  readonly onRemove: (name: string) => void;
}

const Chosen = ({ documents, onRemove }: ChosenParts) => {
  const t = useTexts(importTexts);
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen">{t.chosen(documents.length)}</h2>
      <ul className="rows">
        {documents.map(({ name }) => (
          <li key={name} className="row">
            <Icon name="script" />
            <span className="row-title">{name}</span>
            <span className="row-note">
              <Button look="quiet" className="icon-only" aria-label={t.remove(name)} onClick={() => onRemove(name)}>
                <Icon name="cross" />
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Summary = ({ outcome, workspaceId }: { readonly outcome: ControlMImport; readonly workspaceId: string }) => {
  const t = useTexts(importTexts);
  const refused = outcome.documents.filter(({ status }) => status === 'refused').length;
  const good = outcome.documents.length - refused;
  return (
    <Notice look={refused > 0 ? 'warn' : 'good'}>
      <p>
        {outcome.isDryRun ? `${t.wouldImport(good)} ${t.nothing}` : t.imported(good)}
        {refused === 0 || outcome.isDryRun ? null : ` ${t.refused(refused)}`}
      </p>
      {outcome.isDryRun ? null : <Link to={workspaceAddress(workspaceId, 'control-m')}>{t.toFolders}</Link>}
    </Notice>
  );
};

interface FormParts {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly isBusy: boolean;
  readonly onRun: (isDryRun: boolean) => void;
}

const Form = ({ draft, onDraft, isBusy, onRun }: FormParts) => {
  const t = useTexts(importTexts);
  return (
    <div className="stack">
      <TextField
        label={t.note}
        maxLength={1000}
        value={draft.note}
        onChange={(event) => onDraft({ ...draft, note: event.target.value })}
      />
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.isReplacing}
          onChange={(event) => onDraft({ ...draft, isReplacing: event.target.checked })}
        />
        {t.replace}
      </label>
      <div className="buttons">
        <Button isBusy={isBusy} onClick={() => onRun(true)}>
          {t.check}
        </Button>
        <Button look="main" isBusy={isBusy} onClick={() => onRun(false)}>
          {t.import}
        </Button>
      </div>
    </div>
  );
};

const Import = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(importTexts);
  const [draft, setDraft] = useState<Draft>({ documents: [], note: '', isReplacing: false });
  const importing = useDo((isDryRun: boolean) => run(workspaceId, draft, isDryRun));
  const setDocuments = (documents: readonly SourceDocument[]): void => {
    importing.reset();
    setDraft({ ...draft, documents });
  };
  const texts = new Map(draft.documents.map(({ name, text }) => [name, text]));
  const isOver = isTooLarge(draft.documents);
  return (
    <>
      <Choose onAdd={(added) => setDocuments(withDocuments(draft.documents, added))} />
      {draft.documents.length === 0 || importing.data !== undefined ? null : (
        <Chosen
          documents={draft.documents}
          onRemove={(name) => setDocuments(draft.documents.filter((one) => one.name !== name))}
        />
      )}
      {isOver ? <Notice look="bad">{t.tooLarge}</Notice> : null}
      <Problem error={importing.error} />
      {importing.data === undefined ? null : (
        <>
          <Summary outcome={importing.data} workspaceId={workspaceId} />
          <Outcome outcome={importing.data} texts={texts} />
        </>
      )}
      {draft.documents.length === 0 || isOver ? null : (
        <Form draft={draft} onDraft={setDraft} isBusy={importing.isPending} onRun={(isDryRun) => importing.mutate(isDryRun)} />
      )}
    </>
  );
};

/** Imports documents: files or a text, first without saving where one wants to look. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(importTexts);
  const { workspaceId = '' } = params;
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {({ name }) => (
        <Page title={t.title} lead={t.lead} trail={<Link to={workspaceAddress(workspaceId, 'control-m')}>{name}</Link>}>
          <Import workspaceId={workspaceId} />
        </Page>
      )}
    </OfWorkspace>
  );
};
