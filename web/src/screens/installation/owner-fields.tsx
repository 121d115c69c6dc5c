import { faultOf } from '../../api/problem.ts';
import { useTexts } from '../../i18n/texts.ts';
import { TextField } from '../../ui/field.tsx';
import { installationTexts } from './texts.ts';

export interface Owner {
  readonly displayName: string;
  readonly email: string;
  readonly password: string;
}

interface OwnerFieldsParts {
  readonly owner: Owner;
  readonly isRequired: boolean;
  readonly error: unknown;
  readonly onChange: (owner: Owner) => void;
}

export const OwnerFields = ({ owner, isRequired, error, onChange }: OwnerFieldsParts) => {
  const t = useTexts(installationTexts);
  const fault = (field: keyof Owner): string | null => faultOf(error, `administrator/${field}`);
  return (
    <fieldset className="stack">
      <legend>
        <h2>{t.administrator}</h2>
        <p className="muted">{t.administratorText}</p>
      </legend>
      <TextField
        label={t.name}
        value={owner.displayName}
        fault={fault('displayName')}
        onChange={(event) => onChange({ ...owner, displayName: event.target.value })}
        autoComplete="name"
        required={isRequired}
      />
      <TextField
        label={t.email}
        type="email"
        value={owner.email}
        fault={fault('email')}
        onChange={(event) => onChange({ ...owner, email: event.target.value })}
        autoComplete="username"
        required={isRequired}
      />
      <TextField
        label={t.password}
        type="password"
        hint={t.passwordHint}
        value={owner.password}
        fault={fault('password')}
        onChange={(event) => onChange({ ...owner, password: event.target.value })}
        autoComplete="new-password"
        minLength={12}
        required={isRequired}
      />
    </fieldset>
  );
};
