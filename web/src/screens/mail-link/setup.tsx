import { useEffect } from 'react';
import { keepSetupToken } from '../../api/setup-token.ts';
import { navigate } from '../../router/router.ts';
import { useLinkSecret } from '../../router/secret.ts';
import { useInstallation } from '../../shell/installation.ts';
import { Loading } from '../../ui/states.tsx';

/** Takes the setup token of the launcher's link to where it is needed: to the wizard, or to the first account. */
export const Screen = () => {
  const token = useLinkSecret();
  const state = useInstallation().data?.state;
  useEffect(() => {
    if (state === undefined || token === '') return;
    keepSetupToken(token);
    navigate(state === 'not_configured' ? '/app/installation' : '/app/sign-up', { replace: true });
  }, [state, token]);
  return <Loading />;
};
