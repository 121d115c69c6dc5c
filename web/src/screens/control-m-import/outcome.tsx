import type { ControlMImport } from '@guildhall/contracts';
import { useState } from 'react';
import { FindingCounts, Findings } from '../../control-m/findings.tsx';
import type { Place } from '../../editor/editor.tsx';
import { EditorLater } from '../../editor/later.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { importTexts } from './texts.ts';

type Imported = ControlMImport['documents'][number];

const looks = { created: 'good', updated: 'info', unchanged: '', taken: 'bad' } as const;

const Folders = ({ document }: { readonly document: Imported }) => {
  const t = useTexts(importTexts);
  return (
    <ul className="path-list">
      {document.folders.map(({ name, jobCount, status }) => (
        <li key={name}>
          <code>{name}</code> · {t.jobs(jobCount)} <span className={`badge ${looks[status]}`}>{t[status]}</span>
        </li>
      ))}
      {document.looseJobCount === 0 ? null : <li>{t.loose(document.looseJobCount)}</li>}
    </ul>
  );
};

interface DocumentParts {
  readonly document: Imported;
  readonly text: string;
  readonly isDryRun: boolean;
}

/** The outcome of one document. Its text is shown where a finding is looked up. */
const Document = ({ document, text, isDryRun }: DocumentParts) => {
  const t = useTexts(importTexts);
  const [place, setPlace] = useState<Place | null>(null);
  const isRefused = document.status === 'refused';
  const good = isDryRun ? t.isGood : t.isImported;
  return (
    <li className="outcome">
      <details open={isRefused}>
        <summary>
          <span className="row-title">{document.name}</span>
          <span className={`badge ${isRefused ? 'bad' : 'good'}`}>{isRefused ? t.isRefused : good}</span>
          <FindingCounts findings={document.findings} />
        </summary>
        <div className="stack">
          <Folders document={document} />
          <Findings findings={document.findings} onPlace={({ line, column }) => setPlace({ line, column })} />
          {place === null ? null : (
            <EditorLater label={`${t.source}: ${document.name}`} text={text} language="json" isReadOnly place={place} />
          )}
        </div>
      </details>
    </li>
  );
};

interface OutcomeParts {
  readonly outcome: ControlMImport;
  /** The texts that were sent, by name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The outcome of an import or of its dry run, document by document; what was refused stands first. */
export const Outcome = ({ outcome, texts }: OutcomeParts) => {
  const ordered = outcome.documents.toSorted((a, b) => Number(b.status === 'refused') - Number(a.status === 'refused'));
  return (
    <ul className="rows">
      {ordered.map((document) => (
        <Document key={document.name} document={document} text={texts.get(document.name) ?? ''} isDryRun={outcome.isDryRun} />
      ))}
    </ul>
  );
};
