import type { InputHTMLAttributes } from 'react';
import { TextField } from '../ui/field.tsx';

interface AccountFieldParts extends Pick<InputHTMLAttributes<HTMLInputElement>, 'autoFocus'> {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | null;
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** The address by which an account signs in. */
export const EmailField = ({ onText, ...rest }: AccountFieldParts) => (
  <TextField {...rest} type="email" onChange={(event) => onText(event.target.value)} autoComplete="username" required />
);

/** A code that was mailed, or that an authenticator shows. */
export const CodeField = ({ onText, ...rest }: AccountFieldParts) => (
  <TextField
    {...rest}
    onChange={(event) => onText(event.target.value)}
    inputMode="numeric"
    autoComplete="one-time-code"
    required
  />
);

/** A password that is chosen now. */
export const NewPasswordField = ({ onText, minLength = 12, ...rest }: AccountFieldParts & { readonly minLength?: number }) => (
  <TextField
    {...rest}
    type="password"
    onChange={(event) => onText(event.target.value)}
    autoComplete="new-password"
    minLength={minLength}
    required
  />
);
