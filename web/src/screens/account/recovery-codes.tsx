import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CodeField } from '../../kit/account-fields.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CodeList } from '../sign-in/secret-and-codes.tsx';
import { leavingTexts } from './leaving-texts.ts';

const Renewal = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(leavingTexts);
  const [code, setCode] = useState('');
  const renewal = useDo(() => call('renewRecoveryCodes', { body: { code: code.trim() } }));
  if (renewal.data !== undefined)
    return (
      <div className="stack">
        <CodeList codes={renewal.data.recoveryCodes} />
        <div>
          <Button look="main" onClick={onClose}>
            {t.done}
          </Button>
        </div>
      </div>
    );
  return (
    <RequestForm request={renewal} action={t.makeCodes}>
      <p className="muted">{t.newCodesLead}</p>
      <CodeField label={t.authenticatorCode} value={code} fault={faultOf(renewal.error, 'code')} onText={setCode} />
    </RequestForm>
  );
};

/** Makes recovery codes anew, in place of those that are used up or lost. */
export const RecoveryCodes = () => {
  const t = useTexts(leavingTexts);
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <div>
        <Button onClick={() => setOpen(true)}>{t.newCodes}</Button>
      </div>
      {isOpen ? (
        <Dialog title={t.newCodes} onClose={close}>
          <Renewal onClose={close} />
        </Dialog>
      ) : null}
    </>
  );
};
