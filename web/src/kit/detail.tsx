import { useState, type ReactNode } from 'react';
import type { Fields } from '../api/field-kinds.ts';
import { useTexts } from '../i18n/texts.ts';
import { navigate } from '../router/router.ts';
import { Actions, type Action } from './actions.tsx';
import { Facts } from './facts.tsx';
import { FormDialog, type Choices } from './form.tsx';
import { Badges, type Badge } from './noun-list.tsx';
import { kitTexts } from './texts.ts';

/** A way to change an item. */
export interface Edit {
  readonly fields: Fields;
  readonly choices?: Choices;
  readonly nullable?: readonly string[];
  readonly run: (body: never) => Promise<unknown>;
}

interface DetailParts {
  readonly item: object;
  readonly description?: string;
  readonly badges?: readonly Badge[];
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
  readonly actions?: readonly (Action | null)[];
  readonly edit?: Edit | null;
  /** Deletes the item, and leads to the list that it was in. */
  readonly remove?: { readonly run: () => Promise<unknown>; readonly to: string } | null;
}

/** One item of a noun: what is known of it, and what the person can do to it now. */
export const Detail = ({ item, description = '', badges, facts, actions = [], edit = null, remove = null }: DetailParts) => {
  const t = useTexts(kitTexts);
  const [isEditing, setEditing] = useState(false);
  const common: readonly (Action | null)[] = [
    edit === null ? null : { label: t.edit, run: async () => setEditing(true) },
    remove === null
      ? null
      : {
          label: t.remove,
          look: 'danger',
          question: t.removeText,
          run: remove.run,
          onDone: () => navigate(remove.to, { replace: true }),
        },
  ];
  return (
    <section className="panel">
      {badges === undefined ? null : (
        <p className="buttons">
          <Badges badges={badges} />
        </p>
      )}
      {description === '' ? null : <p className="prose">{description}</p>}
      <Facts facts={facts} />
      <Actions actions={[...actions, ...common]} />
      {isEditing && edit !== null ? (
        <FormDialog title={t.edit} action={t.save} item={item} {...edit} onClose={() => setEditing(false)} />
      ) : null}
    </section>
  );
};
