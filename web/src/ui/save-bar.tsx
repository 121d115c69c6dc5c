import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Button } from './button.tsx';

const texts = defineTexts(
  { save: 'Save', note: 'Why (stands in the history)', unsaved: 'Not saved' },
  { save: '保存', note: '原因(记入历史)', unsaved: '未保存' },
);

interface SaveBarParts {
  readonly note: string;
  readonly isDirty: boolean;
  readonly isBusy: boolean;
  /** False: the text cannot be saved as it stands. */
  readonly isReady?: boolean;
  readonly onNote: (note: string) => void;
  readonly onSave: () => void;
}

/** Saves a text with a note for its history. */
export const SaveBar = ({ note, isDirty, isBusy, isReady = true, onNote, onSave }: SaveBarParts) => {
  const t = useTexts(texts);
  return (
    <div className="save-bar">
      <input
        aria-label={t.note}
        placeholder={t.note}
        value={note}
        maxLength={1000}
        onChange={(event) => onNote(event.target.value)}
      />
      {isDirty ? <span className="badge warn">{t.unsaved}</span> : null}
      <Button look="main" isBusy={isBusy} disabled={!isDirty || !isReady} onClick={onSave}>
        {t.save}
      </Button>
    </div>
  );
};
