import { call } from '../../api/call.ts';
import { hasPasskeys } from '../../api/passkeys.ts';
import { goToProvider, keepProviderRequest } from '../../api/provider-request.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { logInWithPasskey } from './steps.ts';
import { signInTexts } from './texts.ts';

const goTo = async (provider: string): Promise<void> => {
  const begun = await call('beginProviderSignIn', { params: { provider } });
  const here = `${location.pathname}${location.search}`;
  const returnTo = location.pathname === '/app/sign-in' ? '/app' : here;
  keepProviderRequest({ provider, requestToken: begun.requestToken, purpose: 'sign-in', returnTo });
  goToProvider(begun.authorizationUrl);
};

/** The ways in beside password and mail that this installation has: a passkey, and identity providers. */
export const OtherWays = () => {
  const t = useTexts(signInTexts);
  const methods = useRead('getAuthMethods', {});
  const passkey = useDo(logInWithPasskey);
  const leaving = useDo(goTo);
  if (methods.data === undefined) return null;
  const { providers } = methods.data;
  const takesPasskeys = methods.data.methods.includes('passkey');
  if (!takesPasskeys && providers.length === 0) return null;
  return (
    <div className="other-ways">
      <Problem error={passkey.error ?? leaving.error} />
      {passkey.data === false ? <Notice look="warn">{t.passkeyCancelled}</Notice> : null}
      <div className="buttons">
        {takesPasskeys ? (
          <Button isBusy={passkey.isPending} disabled={!hasPasskeys()} onClick={() => passkey.mutate(undefined)}>
            {t.byPasskey}
          </Button>
        ) : null}
        {providers.map(({ id, name }) => (
          <Button key={id} isBusy={leaving.isPending} onClick={() => leaving.mutate(id)}>
            {t.byProvider(name)}
          </Button>
        ))}
      </div>
      {takesPasskeys && !hasPasskeys() ? <p className="field-hint">{t.passkeysOff}</p> : null}
    </div>
  );
};
