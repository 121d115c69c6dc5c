import { useQuery } from '@tanstack/react-query';
import { useState, type ComponentType } from 'react';
import { useDo } from '../api/reading.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/notice.tsx';
import { LookingForImpact } from './impact.tsx';

interface DeleteDialogParts<Impact> {
  readonly title: string;
  /** The consequences of the deletion, and the way back. */
  readonly text: string;
  readonly action: string;
  readonly item: { readonly id: string; readonly version: number };
  /** Tries the deletion, and answers what it touches. */
  readonly attempt: () => Promise<Impact>;
  readonly view: ComponentType<{ readonly impact: Impact }>;
  readonly run: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Deletes something that others may refer to. What that touches is shown first; whoever has seen it may delete it all the same. */
export const DeleteDialog = <Impact,>(parts: DeleteDialogParts<Impact>) => {
  const { title, text, action, view: View, onDone, onClose } = parts;
  // The version that was there when it was asked for: a later one is not deleted unseen.
  const [{ item, attempt, run }] = useState(parts);
  const look = useQuery({ queryKey: ['delete-impact', item.id, item.version], queryFn: attempt });
  const deletion = useDo(run, onDone);
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <Problem error={deletion.error ?? look.error} />
        {look.data === undefined ? look.isPending && <LookingForImpact /> : <View impact={look.data} />}
        <p>{text}</p>
        <div>
          <Button
            look="danger"
            isBusy={deletion.isPending}
            disabled={look.data === undefined}
            onClick={() => deletion.mutate(undefined)}
          >
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};
