import type { ControlMDocumentSummary } from '@guildhall/contracts';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { EditorLater } from '../../editor/later.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { saveText } from '../../ui/save-text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Shown } from '../../ui/states.tsx';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { DeleteDocument } from './delete-document.tsx';
import { DeletedDocuments } from './deleted-documents.tsx';
import { documentTexts } from './texts.ts';

interface Document {
  readonly name: string;
  readonly text: string;
}

interface RowParts extends Document {
  readonly workspaceId: string;
  /** The document as it is stored; undefined for folders that were made without one. */
  readonly stored: ControlMDocumentSummary | undefined;
  readonly onRemove: (stored: ControlMDocumentSummary) => void;
}

/** The ways on from a document that was imported. */
const StoredWays = ({ stored, onRemove }: { readonly stored: ControlMDocumentSummary } & Pick<RowParts, 'onRemove'>) => {
  const t = useTexts(documentTexts);
  const { workspaceId, id, name } = stored;
  return (
    <>
      <Link
        className="button quiet"
        aria-label={t.historyOf(name)}
        to={workspaceAddress(workspaceId, `control-m/documents/${id}/history`)}
      >
        {t.history}
      </Link>
      <Button look="quiet" aria-label={t.removeOne(name)} onClick={() => onRemove(stored)}>
        {t.remove}
      </Button>
    </>
  );
};

const Row = ({ workspaceId, name, text, stored, onRemove }: RowParts) => {
  const t = useTexts(documentTexts);
  const format = useFormat();
  const [, setShown] = useSearch('name');
  const download = useDo(
    () => call('exportControlMDocument', { params: { workspaceId }, query: { name } }),
    (exported) => saveText(name.split('/').at(-1) ?? name, exported, 'application/json'),
  );
  return (
    <li className="row">
      <Icon name="script" />
      <span className="row-title">{name}</span>
      <span className="row-note">{t.characters(format.number(text.length))}</span>
      <Button look="quiet" onClick={() => setShown(name)}>
        {t.show}
      </Button>
      <Button isBusy={download.isPending} onClick={() => download.mutate(undefined)}>
        {t.download(name.split('/').at(-1) ?? name)}
      </Button>
      {stored === undefined ? null : <StoredWays stored={stored} onRemove={onRemove} />}
      <Problem error={download.error} />
    </li>
  );
};

/** The stored documents by their names. */
const useStored = (workspaceId: string): ReadonlyMap<string, ControlMDocumentSummary> => {
  const pages = usePages<ControlMDocumentSummary>(['listControlMDocuments', workspaceId], (cursor) =>
    call('listControlMDocuments', {
      params: { workspaceId },
      query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return new Map(pages.data?.pages.flatMap(({ items }) => items.map((document) => [document.name, document] as const)));
};

const Documents = ({ workspaceId, documents }: { readonly workspaceId: string; readonly documents: readonly Document[] }) => {
  const t = useTexts(documentTexts);
  const [name] = useSearch('name');
  const [removed, setRemoved] = useState<ControlMDocumentSummary | null>(null);
  const stored = useStored(workspaceId);
  const shown = documents.find((document) => document.name === name);
  if (documents.length === 0)
    return (
      <Empty title={t.none}>
        <p>{t.noneText}</p>
        <Link className="button main" to={workspaceAddress(workspaceId, 'control-m/import')}>
          {t.import}
        </Link>
      </Empty>
    );
  return (
    <>
      {shown === undefined ? null : (
        <section aria-label={shown.name}>
          <h2>{shown.name}</h2>
          <EditorLater key={shown.name} label={t.text} text={shown.text} language="json" isReadOnly />
        </section>
      )}
      <ul className="rows">
        {documents.map((document) => (
          <Row
            key={document.name}
            workspaceId={workspaceId}
            stored={stored.get(document.name)}
            onRemove={setRemoved}
            {...document}
          />
        ))}
      </ul>
      {removed === null ? null : <DeleteDocument document={removed} onClose={() => setRemoved(null)} />}
    </>
  );
};

/** The documents of a workspace, to look at and to take along. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(documentTexts);
  const { workspaceId = '' } = params;
  const [state, setState] = useSearch('state');
  const isDeleted = state === 'deleted';
  const documents = useRead('exportControlM', { params: { workspaceId } }, { isOn: !isDeleted });
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {({ name }) => (
        <Page title={t.title} lead={t.lead} trail={<Link to={workspaceAddress(workspaceId, 'control-m')}>{name}</Link>}>
          <div className="filters">
            <select aria-label={t.shown} value={state} onChange={(event) => setState(event.target.value)}>
              <option value="">{t.there}</option>
              <option value="deleted">{t.deleted}</option>
            </select>
          </div>
          {isDeleted ? (
            <DeletedDocuments workspaceId={workspaceId} />
          ) : (
            <Shown read={documents}>{(data) => <Documents workspaceId={workspaceId} documents={data.documents} />}</Shown>
          )}
        </Page>
      )}
    </OfWorkspace>
  );
};
