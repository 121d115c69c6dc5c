import { useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { Findings } from '../../control-m/findings.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { submitting, TextArea } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { saveText } from '../../ui/save-text.ts';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { transformTexts } from './texts.ts';

const exampleDescriptor = '{"DeployDescriptor": [{"Property": "Host", "Replace": [{"test-(.*)": "prod-$1"}]}]}';

type Transform = AnswerOf<'transformControlM'>;

const Rules = ({ transform }: { readonly transform: Transform }) => {
  const t = useTexts(transformTexts);
  return (
    <ul className="rows">
      {transform.rules.map(({ number, changedProperties, matches }) => (
        <li key={number} className="row">
          <span className="row-title">{t.rule(number)}</span>
          <code>{changedProperties.join(', ')}</code>
          <span className={`badge ${matches === 0 ? 'warn' : ''}`}>{t.matches(matches)}</span>
        </li>
      ))}
    </ul>
  );
};

const Document = ({ name, text, diff }: Transform['documents'][number]) => {
  const t = useTexts(transformTexts);
  return (
    <section aria-label={name}>
      <div className="buttons">
        <h3>{name}</h3>
        <Button onClick={() => saveText(name.split('/').at(-1) ?? name, text, 'application/json')}>{t.download}</Button>
      </div>
      <Diff diff={diff} />
    </section>
  );
};

const Outcome = ({ transform, workspaceId }: { readonly transform: Transform; readonly workspaceId: string }) => {
  const t = useTexts(transformTexts);
  const { documents, unchanged, findings } = transform;
  const saving = useDo(() =>
    call('importControlM', {
      params: { workspaceId },
      query: { replace: 'true', dryRun: 'false' },
      body: { documents: documents.map(({ name, text }) => ({ name, text })), note: t.note },
    }),
  );
  return (
    <>
      <section aria-labelledby="rules">
        <h2 id="rules">{t.rules}</h2>
        <Rules transform={transform} />
        {findings.length === 0 ? null : <Findings findings={findings} />}
      </section>
      <section aria-labelledby="documents">
        <h2 id="documents">{t.changed(documents.length, unchanged)}</h2>
        {documents.map((document) => (
          <Document key={document.name} {...document} />
        ))}
      </section>
      <Problem error={saving.error} />
      {saving.data === undefined ? null : <Notice look="good">{t.saved}</Notice>}
      {documents.length === 0 || saving.data !== undefined ? null : (
        <div>
          <Button isBusy={saving.isPending} onClick={() => saving.mutate(undefined)}>
            {t.save}
          </Button>
        </div>
      )}
    </>
  );
};

const Descriptor = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(transformTexts);
  const [descriptor, setDescriptor] = useState('');
  const applying = useDo(() => call('transformControlM', { params: { workspaceId }, body: { descriptor } }));
  return (
    <>
      <form className="stack" onSubmit={submitting(() => applying.mutate(undefined))}>
        <TextArea
          label={t.descriptor}
          className="code"
          rows={10}
          required
          spellCheck={false}
          placeholder={exampleDescriptor}
          value={descriptor}
          onChange={(event) => setDescriptor(event.target.value)}
        />
        <Problem error={applying.error} />
        <div>
          <Button type="submit" look="main" isBusy={applying.isPending}>
            {t.apply}
          </Button>
        </div>
      </form>
      {applying.data === undefined ? null : (
        <Outcome key={applying.submittedAt} transform={applying.data} workspaceId={workspaceId} />
      )}
    </>
  );
};

/** Applies a deploy descriptor to the documents of a workspace, and shows what it makes of them. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(transformTexts);
  const { workspaceId = '' } = params;
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {({ name }) => (
        <Page title={t.title} lead={t.lead} trail={<Link to={workspaceAddress(workspaceId, 'control-m')}>{name}</Link>}>
          <Descriptor workspaceId={workspaceId} />
        </Page>
      )}
    </OfWorkspace>
  );
};
