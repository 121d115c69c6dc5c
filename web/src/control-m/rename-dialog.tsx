import { useState, type ComponentType } from 'react';
import { faultOf } from '../api/problem.ts';
import { useDo } from '../api/reading.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { submitting, TextField } from '../ui/field.tsx';
import { Problem } from '../ui/notice.tsx';

interface RenameDialogParts<Impact, Saved> {
  readonly texts: Readonly<Record<'rename' | 'name' | 'tryRename' | 'renameYes', string>>;
  readonly name: string;
  /** Tries a name, and answers what it touches. */
  readonly attempt: (name: string) => Promise<Impact>;
  readonly view: ComponentType<{ readonly impact: Impact }>;
  readonly run: (name: string) => Promise<Saved>;
  readonly onDone: (saved: Saved) => void;
  readonly onClose: () => void;
}

/** Renames something that others may refer to by its name, after a look at what that touches. */
export const RenameDialog = <Impact, Saved>(parts: RenameDialogParts<Impact, Saved>) => {
  const { texts, view: View, onDone, onClose } = parts;
  // The version that was there when it was asked for: a later one is not renamed unseen.
  const [{ name: before, attempt, run }] = useState(parts);
  const [typed, setTyped] = useState(before);
  const name = typed.trim();
  const trial = useDo(attempt);
  const renaming = useDo(run, (saved) => {
    onDone(saved);
    onClose();
  });
  const tried = trial.variables === name ? trial.data : undefined;
  const submit = (): void => (tried === undefined ? trial.mutate(name) : renaming.mutate(name));
  return (
    <Dialog title={texts.rename} onClose={onClose}>
      <form className="stack" onSubmit={submitting(submit)}>
        <Problem error={renaming.error ?? trial.error} />
        <TextField
          label={texts.name}
          value={typed}
          fault={faultOf(trial.error, 'name')}
          maxLength={200}
          required
          onChange={(event) => setTyped(event.target.value)}
        />
        {tried === undefined ? null : <View impact={tried} />}
        <div>
          <Button
            type="submit"
            look={tried === undefined ? 'plain' : 'main'}
            isBusy={trial.isPending || renaming.isPending}
            disabled={name === before}
          >
            {tried === undefined ? texts.tryRename : texts.renameYes}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
