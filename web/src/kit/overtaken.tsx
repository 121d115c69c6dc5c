import { useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { kitTexts, labelOf } from './texts.ts';
import type { DraftOf } from './use-draft.ts';

/** A value as a sentence shows it; null for one that has no short form. */
const shown = (value: unknown): string | null => {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join(', ') : null;
};

interface OvertakenParts extends Pick<DraftOf<{ readonly version: number }, object>, 'overtaken' | 'takeUp'> {
  /** The label of a field, where it is not the common one. */
  readonly label?: (name: string) => string;
}

/** Says that somebody else saved the item meanwhile, and what both changed. Nothing where nobody did. */
export const Overtaken = ({ overtaken, takeUp, label }: OvertakenParts) => {
  const t = useTexts(kitTexts);
  if (overtaken === null) return null;
  return (
    <Notice look="warn" title={t.overtaken}>
      <p>{overtaken.length === 0 ? t.overtakenApart : t.overtakenClash}</p>
      {overtaken.length === 0 ? null : (
        <ul>
          {overtaken.map(({ name, value }) => (
            <li key={name}>
              {label?.(name) ?? labelOf(t, name)}
              {shown(value) === null ? null : <q>{shown(value)}</q>}
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button onClick={takeUp}>{t.takeUp}</Button>
      </div>
    </Notice>
  );
};
