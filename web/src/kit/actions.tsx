import { useState } from 'react';
import { useDo } from '../api/reading.ts';
import { useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/notice.tsx';
import { kitTexts } from './texts.ts';

export interface Action {
  readonly label: string;
  readonly look?: 'main' | 'plain' | 'quiet' | 'danger';
  /** Asked before it is done: what it means. */
  readonly question?: string;
  readonly run: () => Promise<unknown>;
  readonly onDone?: () => void;
}

/** Asks whether something is to be done, and does it. */
export const Confirmation = ({ action: given, onClose }: { readonly action: Action; readonly onClose: () => void }) => {
  const t = useTexts(kitTexts);
  // What is done is what was asked about: a version that comes meanwhile is not touched.
  const [action] = useState(given);
  const deed = useDo(action.run, () => {
    onClose();
    action.onDone?.();
  });
  return (
    <Dialog title={action.label} onClose={onClose}>
      <div className="stack">
        <p>{action.question}</p>
        <Problem error={deed.error} />
        <div className="buttons">
          <Button look="danger" isBusy={deed.isPending} onClick={() => deed.mutate(undefined)}>
            {action.label}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};

/** Buttons of what can be done now. One with a question asks it first. */
export const Actions = ({ actions }: { readonly actions: readonly (Action | null)[] }) => {
  const [asked, setAsked] = useState<Action | null>(null);
  const deed = useDo(
    ({ run }: Action) => run(),
    (_output, { onDone }) => onDone?.(),
  );
  const there = actions.filter((action) => action !== null);
  if (there.length === 0) return null;
  return (
    <>
      <Problem error={deed.error} />
      <div className="buttons">
        {there.map((action) => (
          <Button
            key={action.label}
            look={action.look ?? 'plain'}
            isBusy={deed.isPending}
            onClick={() => (action.question === undefined ? deed.mutate(action) : setAsked(action))}
          >
            {action.label}
          </Button>
        ))}
      </div>
      {asked === null ? null : <Confirmation action={asked} onClose={() => setAsked(null)} />}
    </>
  );
};
