import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import type { Fields } from '../api/field-kinds.ts';
import { FormDialog, type Choices } from './form.tsx';

interface CreationParts<Output> {
  /** The label of the button that asks for it, and the title of the form. */
  readonly label: string;
  /** The label of the button that makes it. */
  readonly action: string;
  readonly look?: 'main' | 'plain';
  readonly lead?: string;
  readonly fields: Fields;
  readonly choices?: Choices;
  readonly run: (body: never) => Promise<Output>;
  readonly onDone?: (output: Output) => void;
}

/** A button that asks in a dialog for what is to be made. */
export const Creation = <Output,>({ label, look = 'main', onDone, ...form }: CreationParts<Output>) => {
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button look={look} icon="plus" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen ? (
        <FormDialog
          title={label}
          {...form}
          onClose={close}
          onDone={(output) => {
            close();
            onDone?.(output);
          }}
        />
      ) : null}
    </>
  );
};
