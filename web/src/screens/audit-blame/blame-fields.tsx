import type { AuditBlame } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import type { BlamedValue } from '../../kit/blame-link.tsx';
import { useSearch } from '../../router/router.ts';
import { Notice } from '../../ui/notice.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { blameTexts } from './texts.ts';

export interface BlameQuestion {
  /** Null until all of it is given. */
  readonly value: BlamedValue | null;
  /** Only events before this time; empty: all. */
  readonly to: string;
  readonly setTo: (to: string) => void;
}

const checkpointMs = 1_500;

/** Asks again while the next checkpoint is waited for. */
export const whilePending = (blame: AuditBlame | undefined): number | undefined =>
  blame?.proof === 'pending' ? checkpointMs : undefined;

/** The question who set a value, as it stands in the address. */
export const useBlameQuestion = (): BlameQuestion => {
  const [type] = useSearch('type');
  const [id] = useSearch('id');
  const [path] = useSearch('path');
  const [to, setTo] = useSearch('to');
  const isWhole = type !== '' && id !== '' && path.startsWith('/');
  return { value: isWhole ? { type, id, path } : null, to, setTo };
};

const BlameField = ({ name }: { readonly name: 'type' | 'id' | 'path' }) => {
  const t = useTexts(blameTexts);
  const [value, setValue] = useSearch(name);
  return <SearchField label={t[name]} value={value} onSeek={setValue} />;
};

/** Asks for the value whose setter is looked for. */
export const BlameFields = ({ isAsked }: { readonly isAsked: boolean }) => {
  const t = useTexts(blameTexts);
  return (
    <>
      <div className="filters">
        <BlameField name="type" />
        <BlameField name="id" />
        <BlameField name="path" />
      </div>
      {isAsked ? null : <Notice>{t.asked}</Notice>}
    </>
  );
};
