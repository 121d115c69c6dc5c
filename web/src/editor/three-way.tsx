import { unifiedMergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { useMemo, useState, type ReactNode } from 'react';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { Diff } from '../ui/diff.tsx';
import { diffLines } from './line-diff.ts';
import { Editor } from './editor.tsx';
import { mergeTexts } from './merge-texts.ts';

const texts = defineTexts(
  {
    theirs: 'Their change',
    together: 'Both together',
    togetherHint:
      'Green lines are yours, red ones stand in their version. Each place has a button that takes theirs; you can also type.',
    clean: 'Your changes do not touch each other.',
    conflicts: (count: number) =>
      count === 1
        ? 'One place was changed by both: yours stands there.'
        : `${count} places were changed by both: yours stand there.`,
    take: 'Take theirs here',
    saveMerged: 'Save both together',
    takeTheirs: 'Take theirs, drop mine',
  },
  {
    theirs: '对方的更改',
    together: '合并结果',
    togetherHint: '绿色行是您的,红色行是对方版本的。每处都有按钮可采用对方的内容,也可直接编辑。',
    clean: '双方的更改互不冲突。',
    conflicts: (count) => `有 ${count} 处双方都改了:此处保留了您的内容。`,
    take: '此处采用对方的',
    saveMerged: '保存合并结果',
    takeTheirs: '采用对方的,放弃我的',
  },
);

/** The difference to another text; each place has one button. */
const differing = (text: string, take: string): Extension =>
  unifiedMergeView({
    original: text,
    highlightChanges: false,
    gutter: false,
    mergeControls: (type, action) => {
      if (type === 'accept') return document.createElement('span');
      const button = document.createElement('button');
      button.textContent = take;
      button.addEventListener('mousedown', action);
      return button;
    },
  });

export interface ThreeWayParts {
  /** The text that both sides began from. */
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
  readonly language: string;
  readonly isBusy: boolean;
  readonly onSave: (text: string) => void;
  readonly onTakeTheirs: () => void;
  /** Further buttons. */
  readonly children?: ReactNode;
}

/** Three ways: what others changed since the text that both began from, and both changes in one text that can be edited. */
export const ThreeWay = ({ base, mine, theirs, language, isBusy, onSave, onTakeTheirs, children }: ThreeWayParts) => {
  const t = useTexts(texts);
  const [merged] = useState(() => mergeTexts(base, mine, theirs));
  const [text, setText] = useState(merged.text);
  const diff = useMemo(() => diffLines(base, theirs), [base, theirs]);
  const [extension] = useState(() => differing(theirs, t.take));
  return (
    <>
      <section aria-labelledby="theirs">
        <h2 id="theirs">{t.theirs}</h2>
        <Diff diff={diff} />
      </section>
      <section aria-labelledby="together">
        <h2 id="together">{t.together}</h2>
        <p className="muted">
          {merged.conflicts === 0 ? t.clean : t.conflicts(merged.conflicts)} {t.togetherHint}
        </p>
        <Editor label={t.together} text={text} language={language} onChange={setText} extension={extension} />
      </section>
      <div className="buttons">
        <Button look="main" isBusy={isBusy} onClick={() => onSave(text)}>
          {t.saveMerged}
        </Button>
        {children}
        <Button look="danger" isBusy={isBusy} onClick={onTakeTheirs}>
          {t.takeTheirs}
        </Button>
      </div>
    </>
  );
};
