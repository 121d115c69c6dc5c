import { useState } from 'react';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { findDraft, keepDraft } from './kept-drafts.ts';

const texts = defineTexts(
  {
    restored: 'This is your text from before. It is not saved yet.',
    drop: 'Drop it, and begin with what is saved',
    yours: 'Your text, which was not saved',
    gone: 'Drop it',
  },
  {
    restored: '这是您之前的文本,尚未保存。',
    drop: '放弃,从已保存的内容开始',
    yours: '您未保存的文本',
    gone: '放弃',
  },
);

/** Says that the text under the hands is one that an earlier look at this page left unsaved. */
export const RestoredDraft = ({ onDrop }: { readonly onDrop: () => void }) => {
  const t = useTexts(texts);
  return (
    <Notice look="warn">
      <p>{t.restored}</p>
      <Button onClick={onDrop}>{t.drop}</Button>
    </Notice>
  );
};

/** Shows the unsaved text of something that cannot be read any more, so that it can be taken elsewhere. */
export const OrphanedDraft = ({ id }: { readonly id: string }) => {
  const t = useTexts(texts);
  const [draft, setDraft] = useState(() => findDraft(id));
  if (draft === null) return null;
  return (
    <div className="stack">
      <TextArea className="code" label={t.yours} rows={12} readOnly value={draft.text} />
      <div>
        <Button
          onClick={() => {
            keepDraft(id, null);
            setDraft(null);
          }}
        >
          {t.gone}
        </Button>
      </div>
    </div>
  );
};
