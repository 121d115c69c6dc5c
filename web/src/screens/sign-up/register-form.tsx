import { useState } from 'react';
import { call, type CallOf } from '../../api/call.ts';
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

/** Registers an account: with the setup token of a fresh installation, where this tab has it. */
const register = async (given: Omit<CallOf<'register'>['body'], 'setupToken'>, token: string | null): Promise<Pending> => {
  const { codeToken } = await call('register', { body: { ...given, ...(token === null ? {} : { setupToken: token }) } });
  return { email: given.email, codeToken };
};

export const RegisterForm = ({ password, onPassword, onSent }: RegisterFormParts) => {
  const t = useTexts(signUpTexts);
  const token = useStore(setupToken);
  const bytesMin = useRead('getAuthMethods', {}).data?.passwordRules.bytesMin ?? 12;
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState('');
  const registration = useDo(() => register({ email: email.trim(), password, displayName: displayName.trim() }, token), onSent);
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
