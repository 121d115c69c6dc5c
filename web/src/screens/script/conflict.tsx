import type { Script } from '@guildhall/contracts';
import { ThreeWayLater } from '../../editor/later.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
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

/** The change that somebody else saved while this text was edited, and the two together. */
export const Conflict = ({ base, mine, theirs, isBusy, onSave, onTakeTheirs, onBack }: ConflictParts) => {
  const t = useTexts(scriptTexts);
  const who = theirs.createdByName === '' ? t.someone : theirs.createdByName;
  const sides = { base: base.content, mine, theirs: theirs.content, language: base.language };
  return (
    <>
      <Notice look="warn" title={t.conflictTitle}>
        <p>{t.conflictText(who, theirs.version)}</p>
      </Notice>
      <ThreeWayLater {...sides} isBusy={isBusy} onSave={onSave} onTakeTheirs={onTakeTheirs}>
        <Button onClick={onBack}>{t.back}</Button>
      </ThreeWayLater>
    </>
  );
};
