import type { WorkspaceImport } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { Findings } from '../../control-m/findings.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { base64Of } from './archive-bytes.ts';
import { archiveTexts } from './texts.ts';

const accept = '.tar,.tgz,.gz,application/x-tar,application/gzip';
const archiveBytesMax = 32 * 1_048_576;

const ruleTexts = { none: 'rulesNone', taken: 'rulesTaken', unchanged: 'rulesUnchanged', kept: 'rulesKept' } as const;

type ImportedDocument = WorkspaceImport['documents'][number];

const DocumentOutcome = ({ document: { name, status, findings } }: { readonly document: ImportedDocument }) => {
  const t = useTexts(archiveTexts);
  return (
    <li className="row">
      <span className="row-title">{name}</span>
      <span className={`badge ${status === 'refused' ? 'bad' : 'good'}`}>{t[status]}</span>
      {status === 'refused' ? <Findings findings={findings} /> : null}
    </li>
  );
};

const Outcome = ({ outcome: { isDryRun, scripts, documents, namingRules } }: { readonly outcome: WorkspaceImport }) => {
  const t = useTexts(archiveTexts);
  return (
    <div className="stack">
      <Notice look={isDryRun ? 'plain' : 'good'}>{isDryRun ? t.nothing : t.done}</Notice>
      <ul className="rows">
        <li className="row">
          <span className="row-title">{t.scripts}</span>
          <span>{t.scriptCounts(scripts.created, scripts.unchanged)}</span>
        </li>
        <li className="row">
          <span className="row-title">{t.rules}</span>
          <span>{t[ruleTexts[namingRules]]}</span>
        </li>
        {documents.map((document) => (
          <DocumentOutcome key={document.name} document={document} />
        ))}
      </ul>
    </div>
  );
};

interface ChooseParts {
  readonly file: File | null;
  readonly onChoose: (file: File | null) => void;
}

const Choose = ({ file, onChoose }: ChooseParts) => {
  const t = useTexts(archiveTexts);
  return (
    <>
      <FileDrop label={t.choose} accept={accept} onFiles={([chosen = null]) => onChoose(chosen)} />
      {file === null ? null : (
        <p>
          {t.chosen}: <strong>{file.name}</strong>
        </p>
      )}
      {file === null || file.size <= archiveBytesMax ? null : <Notice look="bad">{t.tooLarge}</Notice>}
    </>
  );
};

/** Adds what an archive holds to a workspace, after a look at what that would do. */
export const ArchiveImport = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(archiveTexts);
  const [file, setFile] = useState<File | null>(null);
  const sending = useDo(async ({ archive, dryRun }: { readonly archive: File; readonly dryRun: 'true' | 'false' }) =>
    call('importWorkspace', { params: { workspaceId }, query: { dryRun }, body: { archive: await base64Of(archive) } }),
  );
  const choose = (chosen: File | null): void => {
    sending.reset();
    setFile(chosen);
  };
  const isReady = file !== null && file.size <= archiveBytesMax;
  const button = (label: string, dryRun: 'true' | 'false') => (
    <Button
      look={dryRun === 'true' ? 'plain' : 'main'}
      isBusy={sending.isPending}
      disabled={!isReady}
      onClick={() => (file === null ? undefined : sending.mutate({ archive: file, dryRun }))}
    >
      {label}
    </Button>
  );
  return (
    <section className="panel stack" aria-labelledby="import">
      <h2 id="import">{t.import}</h2>
      <p className="muted">{t.importText}</p>
      <Choose file={file} onChoose={choose} />
      <Problem error={sending.error} />
      {sending.data === undefined ? null : <Outcome outcome={sending.data} />}
      <div className="buttons">
        {button(t.check, 'true')}
        {button(t.importYes, 'false')}
      </div>
    </section>
  );
};
