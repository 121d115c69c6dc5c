import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { Pending } from '../../api/pending.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { setupToken } from '../../api/setup-token.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { signUpTexts } from './texts.ts';

interface RegisterFormParts {
  readonly password: string;
  readonly onPassword: (password: string) => void;
  readonly onSent: (pending: Pending) => void;
}

export const RegisterForm = ({ password, onPassword, onSent }: RegisterFormParts) => {
  const t = useTexts(signUpTexts);
  const token = useStore(setupToken);
  const bytesMin = useRead('getAuthMethods', {}).data?.passwordRules.bytesMin ?? 12;
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState('');
  const registration = useDo(async () => {
    const body = {
      email: email.trim(),
      password,
      displayName: displayName.trim(),
      ...(token === null ? {} : { setupToken: token }),
    };
    const { codeToken } = await call('register', { body });
    onSent({ email: email.trim(), codeToken });
  });
  const { error } = registration;
  return (
    <form className="stack" onSubmit={submitting(() => registration.mutate(undefined))}>
      <Problem error={error} />
      <TextField
        label={t.name}
        hint={t.nameHint}
        value={displayName}
        fault={faultOf(error, 'displayName')}
        onChange={(event) => setDisplayName(event.target.value)}
        autoComplete="name"
        autoFocus
        required
      />
      <TextField
        label={t.email}
        type="email"
        value={email}
        fault={faultOf(error, 'email')}
        onChange={(event) => setEmail(event.target.value)}
        autoComplete="username"
        required
      />
      <TextField
        label={t.password}
        type="password"
        hint={t.passwordHint(bytesMin)}
        value={password}
        fault={faultOf(error, 'password')}
        onChange={(event) => onPassword(event.target.value)}
        autoComplete="new-password"
        minLength={bytesMin}
        required
      />
      <div>
        <Button type="submit" look="main" isBusy={registration.isPending}>
          {t.create}
        </Button>
      </div>
    </form>
  );
};
