import type { Script } from '@guildhall/contracts';
import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { Editor } from '../../editor/editor.tsx';
import { mergeTexts } from '../../editor/merge-texts.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Shown } from '../../ui/states.tsx';
import { scriptTexts } from './texts.ts';

interface ConflictParts {
  readonly base: Script;
  readonly mine: string;
  readonly theirs: Script;
  readonly isBusy: boolean;
  readonly onSave: (content: string) => void;
  readonly onTakeTheirs: () => void;
  readonly onBack: () => void;
}

/** Three ways: what others changed since the version that both began from, and both changes in one text that can be edited. */
export const Conflict = ({ base, mine, theirs, isBusy, onSave, onTakeTheirs, onBack }: ConflictParts) => {
  const t = useTexts(scriptTexts);
  const [merged] = useState(() => mergeTexts(base.content, mine, theirs.content));
  const [text, setText] = useState(merged.text);
  const params = { workspaceId: base.workspaceId, scriptId: base.id };
  const comparison = useRead('compareScriptVersions', { params, query: { from: base.version, to: theirs.version } });
  const who = theirs.createdByName === '' ? t.someone : theirs.createdByName;
  return (
    <>
      <Notice look="warn" title={t.conflictTitle}>
        <p>{t.conflictText(who, theirs.version)}</p>
      </Notice>
      <section aria-labelledby="theirs">
        <h2 id="theirs">{t.theirs}</h2>
        <Shown read={comparison}>{({ diff }) => <Diff diff={diff} />}</Shown>
      </section>
      <section aria-labelledby="together">
        <h2 id="together">{t.together}</h2>
        <p className="muted">
          {merged.conflicts === 0 ? t.clean : t.conflicts(merged.conflicts)} {t.togetherHint}
        </p>
        <Editor
          label={t.together}
          text={text}
          language={base.language}
          onChange={setText}
          original={{ text: theirs.content, take: t.take }}
        />
      </section>
      <div className="buttons">
        <Button look="main" isBusy={isBusy} onClick={() => onSave(text)}>
          {t.saveMerged}
        </Button>
        <Button onClick={onBack}>{t.back}</Button>
        <Button look="danger" onClick={onTakeTheirs}>
          {t.takeTheirs}
        </Button>
      </div>
    </>
  );
};
