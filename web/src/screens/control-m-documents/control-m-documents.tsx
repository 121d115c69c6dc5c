import { call } from '../../api/call.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { EditorLater } from '../../editor/later.tsx';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
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

const texts = defineTexts(
  {
    title: 'Control-M documents',
    lead: 'As they were imported, character by character, with what was changed in their folders since.',
    none: 'No document yet',
    noneText: 'Each imported file stands here, and each folder that was made without one.',
    import: 'Import',
    show: 'Show the text',
    download: (name: string) => `Download ${name}`,
    characters: (count: string) => `${count} characters`,
    text: 'Text of the document',
  },
  {
    title: 'Control-M 文档',
    lead: '逐字符保持导入时的样子,并包含此后对文件夹的更改。',
    none: '还没有文档',
    noneText: '每个导入的文件以及没有文件的文件夹都列在此处。',
    import: '导入',
    show: '显示内容',
    download: (name) => `下载 ${name}`,
    characters: (count) => `${count} 个字符`,
    text: '文档内容',
  },
);

interface Document {
  readonly name: string;
  readonly text: string;
}

const Row = ({ workspaceId, name, text }: Document & { readonly workspaceId: string }) => {
  const t = useTexts(texts);
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
      <Problem error={download.error} />
    </li>
  );
};

const Documents = ({ workspaceId, documents }: { readonly workspaceId: string; readonly documents: readonly Document[] }) => {
  const t = useTexts(texts);
  const [name] = useSearch('name');
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
          <Row key={document.name} workspaceId={workspaceId} {...document} />
        ))}
      </ul>
    </>
  );
};

/** The documents of a workspace, to look at and to take along. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(texts);
  const { workspaceId = '' } = params;
  const documents = useRead('exportControlM', { params: { workspaceId } });
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {({ name }) => (
        <Page title={t.title} lead={t.lead} trail={<Link to={workspaceAddress(workspaceId, 'control-m')}>{name}</Link>}>
          <Shown read={documents}>{(data) => <Documents workspaceId={workspaceId} documents={data.documents} />}</Shown>
        </Page>
      )}
    </OfWorkspace>
  );
};
