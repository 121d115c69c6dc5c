import type { KeyboardEvent } from 'react';
import { TextField } from './field.tsx';
import { useTyped } from './use-typed.ts';

interface SearchParts {
  readonly label: string;
  /** The text that is sought. */
  readonly value: string;
  readonly onSeek: (text: string) => void;
}

/** The properties of an input whose text is sought once typing pauses, or at Enter. */
const useSearchInput = ({ value, onSeek }: Omit<SearchParts, 'label'>) => {
  const { text, type, settle } = useTyped(value, onSeek);
  return {
    type: 'search',
    value: text,
    onChange: (event: { readonly target: { readonly value: string } }) => type(event.target.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') settle();
    },
  } as const;
};

/** A search field that says in itself what it is for. */
export const SearchInput = ({ label, className, ...parts }: SearchParts & { readonly className?: string }) => (
  <input {...useSearchInput(parts)} className={className} aria-label={label} placeholder={label} />
);

/** A search field below its label. */
export const SearchField = ({ label, placeholder, ...parts }: SearchParts & { readonly placeholder?: string | undefined }) => (
  <TextField {...useSearchInput(parts)} label={label} placeholder={placeholder} spellCheck={false} />
);
