import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CodeField, EmailField } from '../../kit/account-fields.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { leavingTexts } from './leaving-texts.ts';
import { OwnPassword, ownPassword } from './own-password.tsx';

/** A new address to which a code was sent. */
interface Asked {
  readonly newEmail: string;
  readonly codeToken: string;
}

const Asking = ({ onSent }: { readonly onSent: (asked: Asked) => void }) => {
  const t = useTexts(leavingTexts);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const newEmail = email.trim();
  const sending = useDo(
    () => call('sendEmailCode', { body: { newEmail, ...ownPassword(password) } }),
    ({ codeToken }) => onSent({ newEmail, codeToken }),
  );
  return (
    <RequestForm request={sending} action={t.mailCode}>
      <p className="muted">{t.addressLead}</p>
      <EmailField label={t.newAddress} value={email} fault={faultOf(sending.error, 'newEmail')} onText={setEmail} />
      <OwnPassword label={t.password} value={password} onChange={setPassword} />
    </RequestForm>
  );
};

const Proving = ({ newEmail, codeToken, onDone }: Asked & { readonly onDone: () => void }) => {
  const t = useTexts(leavingTexts);
  const [code, setCode] = useState('');
  const change = useDo(() => call('changeEmail', { body: { newEmail, codeToken, code: code.trim() } }), onDone);
  return (
    <RequestForm request={change} action={t.take}>
      <p role="status">{t.codeSent(newEmail)}</p>
      <CodeField label={t.code} value={code} fault={faultOf(change.error, 'code')} onText={setCode} autoFocus />
    </RequestForm>
  );
};

/** The address of the own account, and its change by a code that is mailed to the new one. */
export const Address = ({ email }: { readonly email: string }) => {
  const t = useTexts(leavingTexts);
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => {
    setOpen(false);
    setAsked(null);
  };
  return (
    <section className="panel stack" aria-labelledby="address">
      <h2 id="address">{t.address}</h2>
      <p>{email}</p>
      <div>
        <Button onClick={() => setOpen(true)}>{t.changeAddress}</Button>
      </div>
      {isOpen ? (
        <Dialog title={t.changeAddress} onClose={close}>
          {asked === null ? <Asking onSent={setAsked} /> : <Proving {...asked} onDone={close} />}
        </Dialog>
      ) : null}
    </section>
  );
};
