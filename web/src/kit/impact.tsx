import type { ReactNode } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { impactTexts } from './impact-texts.ts';

/** Somebody to whom a change would matter. */
export interface ImpactRow {
  readonly id: string;
  readonly displayName: string;
  readonly gains: readonly string[];
  readonly losses: readonly string[];
  /** Stands before what is gained: another change to them. */
  readonly note?: string | null;
}

const Row = ({ row: { displayName, gains, losses, note = null } }: { readonly row: ImpactRow }) => {
  const t = useTexts(impactTexts);
  return (
    <li className="row">
      <span className="row-title">{displayName}</span>
      {note === null ? null : <span className="badge">{note}</span>}
      {gains.map((right) => (
        <span key={right} className="badge good">
          {t.gains} {right}
        </span>
      ))}
      {losses.map((right) => (
        <span key={right} className="badge bad">
          {t.loses} {right}
        </span>
      ))}
    </li>
  );
};

interface ImpactParts {
  /** How many gain or lose something, in words. */
  readonly summary: string;
  readonly rows: readonly ImpactRow[];
  readonly isBusy?: boolean;
  /** Reads the next page; null on the last one. */
  readonly onMore: (() => void) | null;
  readonly children?: ReactNode;
}

/** Shows who would gain or lose what by a change that was tried and not made. */
export const Impact = ({ summary, rows, isBusy = false, onMore, children }: ImpactParts) => {
  const t = useTexts(impactTexts);
  return (
    <section aria-labelledby="impact">
      <h2 id="impact">{t.impact}</h2>
      <p role="status">{summary}</p>
      {children}
      {rows.length === 0 ? null : (
        <ul className="rows">
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      )}
      {onMore === null ? null : (
        <div>
          <Button isBusy={isBusy} onClick={onMore}>
            {t.more}
          </Button>
        </div>
      )}
    </section>
  );
};
