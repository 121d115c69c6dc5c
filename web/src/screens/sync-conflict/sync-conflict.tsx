import { call, type AnswerOf } from '../../api/call.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { ThreeWayLater } from '../../editor/later.tsx';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';

const texts = defineTexts(
  {
    title: (name: string) => `Conflict: ${name}`,
    lead: 'It was changed on this machine and in the shared workspace, differently. Both stay in the history, whatever you choose.',
    back: 'Synchronise',
    mine: 'Keep mine',
    theirs: 'Take theirs',
    resolved: 'It is resolved. The next synchronisation carries it over.',
    deletedHere: 'It is deleted on this machine, and changed in the shared workspace.',
    deletedThere: 'It is changed on this machine, and deleted in the shared workspace.',
    places: 'Properties that both changed',
  },
  {
    title: (name) => `冲突:${name}`,
    lead: '它在本机和共享工作区中被更改,且更改不同。无论如何选择,两者都保留在历史中。',
    back: '同步',
    mine: '保留我的',
    theirs: '采用对方的',
    resolved: '已解决。下次同步会传送结果。',
    deletedHere: '它在本机被删除,在共享工作区中被更改。',
    deletedThere: '它在本机被更改,在共享工作区中被删除。',
    places: '双方都更改的属性',
  },
);

type Conflict = AnswerOf<'getSyncConflict'>;
type Document = NonNullable<Conflict['mine']>;

interface Choice {
  readonly take: 'mine' | 'theirs' | 'merged';
  readonly document?: Document;
}

const textOf = (document: Conflict['mine']): string => {
  if (document === null) return '';
  if (document.kind === 'script') return document.content;
  if (document.kind === 'control-m-folder') return document.definition;
  if (document.kind === 'control-m-document') return document.source;
  const { name, description, namingRules } = document;
  return `${JSON.stringify({ name, description, namingRules }, null, 2)}\n`;
};

/** The value of a JSON text; where it is none, the service says what is missing. */
const valueOf = (text: string): object => {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
};

const withText = (document: Document, text: string): Document => {
  if (document.kind === 'script') return { ...document, content: text };
  if (document.kind === 'control-m-folder') return { ...document, definition: text };
  if (document.kind === 'control-m-document') return { ...document, source: text };
  return { ...valueOf(text), kind: 'workspace' } as Document;
};

interface ChoosingParts {
  readonly conflict: Conflict;
  readonly isBusy: boolean;
  readonly onChoose: (choice: Choice) => void;
}

/** The choice where one side is deleted: there is no text to merge. */
const Deleted = ({ conflict, isBusy, onChoose }: ChoosingParts) => {
  const t = useTexts(texts);
  return (
    <>
      <Notice look="warn">{conflict.mine === null ? t.deletedHere : t.deletedThere}</Notice>
      <div className="buttons">
        <Button isBusy={isBusy} onClick={() => onChoose({ take: 'mine' })}>
          {t.mine}
        </Button>
        <Button isBusy={isBusy} onClick={() => onChoose({ take: 'theirs' })}>
          {t.theirs}
        </Button>
      </div>
    </>
  );
};

const Choosing = ({ conflict, isBusy, onChoose }: ChoosingParts) => {
  const t = useTexts(texts);
  const { base, mine, theirs, pointers } = conflict;
  if (mine === null || theirs === null) return <Deleted conflict={conflict} isBusy={isBusy} onChoose={onChoose} />;
  return (
    <>
      {pointers.length === 0 ? null : (
        <p>
          {t.places}: <code>{pointers.join(', ')}</code>
        </p>
      )}
      <ThreeWayLater
        base={textOf(base)}
        mine={textOf(mine)}
        theirs={textOf(theirs)}
        language={mine.kind === 'script' ? mine.language : 'json'}
        isBusy={isBusy}
        onSave={(text) => onChoose({ take: 'merged', document: withText(mine, text) })}
        onTakeTheirs={() => onChoose({ take: 'theirs' })}
      >
        <Button isBusy={isBusy} onClick={() => onChoose({ take: 'mine' })}>
          {t.mine}
        </Button>
      </ThreeWayLater>
    </>
  );
};

const Resolving = ({ workspaceId, conflict }: { readonly workspaceId: string; readonly conflict: Conflict }) => {
  const t = useTexts(texts);
  const back = workspaceAddress(workspaceId, 'sync');
  const resolving = useDo(
    (body: Choice) => call('resolveSyncConflict', { params: { workspaceId, conflictId: conflict.id }, body }),
    () => navigate(back),
  );
  return (
    <Page title={t.title(conflict.name)} lead={t.lead} width="full" trail={<Link to={back}>{t.back}</Link>}>
      <Problem error={resolving.error} />
      {conflict.resolution === null ? (
        <Choosing conflict={conflict} isBusy={resolving.isPending} onChoose={(choice) => resolving.mutate(choice)} />
      ) : (
        <Notice look="good">{t.resolved}</Notice>
      )}
    </Page>
  );
};

/** A document that was changed differently on both sides of a synchronisation, with its three texts. */
export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', conflictId = '' } = params;
  const conflict = useRead('getSyncConflict', { params: { workspaceId, conflictId } });
  return <Shown read={conflict}>{(data) => <Resolving key={data.id} workspaceId={workspaceId} conflict={data} />}</Shown>;
};
