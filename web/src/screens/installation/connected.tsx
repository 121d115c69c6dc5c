import type { Installation } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { localToken } from '../../api/local-token.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { forgetSession, sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { installationTexts } from './texts.ts';

const Services = ({ services }: Pick<Installation, 'services'>) => {
  const t = useTexts(installationTexts);
  return (
    <div className="table-frame" role="region" aria-label={t.services} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.service}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.migrations}</th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ service, status, detail, migrations }) => (
            <tr key={service}>
              <td>{service}</td>
              <td>
                <span className={`badge ${status === 'ready' ? 'good' : 'warn'}`}>{t[status]}</span> {detail}
              </td>
              <td>
                {migrations === null
                  ? ''
                  : migrations.pending === 0
                    ? t.applied(migrations.applied)
                    : t.pending(migrations.applied, migrations.pending)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Disconnect = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(installationTexts);
  const disconnection = useDo(
    () => call('disconnectInstallation'),
    () => {
      forgetSession();
      onClose();
    },
  );
  return (
    <Dialog title={t.disconnect} onClose={onClose}>
      <div className="stack">
        <p>{t.disconnectText}</p>
        <Problem error={disconnection.error} />
        <div>
          <Button look="danger" isBusy={disconnection.isPending} onClick={() => disconnection.mutate(undefined)}>
            {t.disconnectYes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};

/** The connected database: how each service is, and the way back to solo for whoever may go it. */
export const Connected = ({ installation }: { readonly installation: Installation }) => {
  const t = useTexts(installationTexts);
  const [isLeaving, setLeaving] = useState(false);
  const isLocal = useStore(localToken) !== null;
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const me = useRead('getMe', {}, { isOn: isSignedIn });
  const mayChange = isLocal || me.data?.permissions.includes('installation:manage') === true;
  return (
    <>
      {installation.run?.status === 'succeeded' && !isSignedIn ? (
        <Notice look="good" title={t.done}>
          <p>{t.doneText}</p>
          <Link className="button main" to="/app/sign-in">
            {t.signIn}
          </Link>
        </Notice>
      ) : null}
      <section aria-labelledby="services">
        <h2 id="services">{t.services}</h2>
        <Services services={installation.services} />
        <p className="muted">{installation.source === 'environment' ? t.byEnvironment : t.byPage}</p>
      </section>
      {mayChange && installation.source === 'installation' ? (
        <div>
          <Button look="danger" onClick={() => setLeaving(true)}>
            {t.disconnect}
          </Button>
        </div>
      ) : null}
      {isLeaving ? <Disconnect onClose={() => setLeaving(false)} /> : null}
    </>
  );
};
