import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { Pending } from '../../api/pending.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { setupToken } from '../../api/setup-token.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { EmailField, NewPasswordField } from '../../kit/account-fields.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { TextField } from '../../ui/field.tsx';
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
    <RequestForm request={registration} action={t.create}>
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
      <EmailField label={t.email} value={email} fault={faultOf(error, 'email')} onText={setEmail} />
      <NewPasswordField
        label={t.password}
        hint={t.passwordHint(bytesMin)}
        value={password}
        fault={faultOf(error, 'password')}
        onText={onPassword}
        minLength={bytesMin}
      />
    </RequestForm>
  );
};
