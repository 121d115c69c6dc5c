import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { forgetSession } from '../../api/session.ts';
import { useTexts } from '../../i18n/texts.ts';
import { RequestForm } from '../../kit/request-form.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { leavingTexts } from './leaving-texts.ts';
import { OwnPassword, ownPassword } from './own-password.tsx';

/** A way to leave: the account can be let in again, or is gone for good. */
type Way = 'deactivate' | 'erase';

const operations = { deactivate: 'deactivateMe', erase: 'eraseMe' } as const;
const meanings = { deactivate: 'deactivateText', erase: 'eraseText' } as const;

const LeavingDialog = ({ way, onClose }: { readonly way: Way; readonly onClose: () => void }) => {
  const t = useTexts(leavingTexts);
  const [password, setPassword] = useState('');
  const leaving = useDo(
    () => call(operations[way], { body: ownPassword(password) }),
    () => {
      forgetSession();
      navigate('/app', { replace: true });
    },
  );
  return (
    <Dialog title={t[way]} onClose={onClose}>
      <RequestForm request={leaving} action={t[way]} look="danger">
        <p>{t[meanings[way]]}</p>
        <OwnPassword label={t.password} value={password} onChange={setPassword} />
      </RequestForm>
    </Dialog>
  );
};

/** Ends the own account, for a while or for good. */
export const Leaving = () => {
  const t = useTexts(leavingTexts);
  const [way, setWay] = useState<Way | null>(null);
  return (
    <section className="panel stack" aria-labelledby="leaving">
      <h2 id="leaving">{t.leaving}</h2>
      <p className="muted">{t.leavingText}</p>
      <div className="buttons">
        <Button onClick={() => setWay('deactivate')}>{t.deactivate}</Button>
        <Button look="danger" onClick={() => setWay('erase')}>
          {t.erase}
        </Button>
      </div>
      {way === null ? null : <LeavingDialog way={way} onClose={() => setWay(null)} />}
    </section>
  );
};
