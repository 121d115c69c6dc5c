import { useEffect, useRef } from 'react';
import { call } from '../../api/call.ts';
import { takeProviderRequest } from '../../api/provider-request.ts';
import { useDo } from '../../api/reading.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Loading } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { SecondStep } from '../sign-in/second-step.tsx';
import '../sign-in/sign-in.css';
import { logInByProvider, type SecondStep as Step } from '../sign-in/steps.ts';

const texts = defineTexts(
  {
    title: 'Back from the identity provider',
    lost: 'This tab asked for no sign-in, or was reloaded. Begin again.',
    again: 'Sign in',
  },
  {
    title: '从身份提供方返回',
    lost: '此标签页没有发起登录,或已被刷新。请重新开始。',
    again: '登录',
  },
);

interface Finished {
  readonly step: Step | null;
  readonly returnTo: string;
}

/** Finishes what this tab began at the provider: a sign-in or a connection. Null where it began nothing there. */
const finish = async (provider: string, query: string): Promise<Finished | null> => {
  const request = takeProviderRequest();
  if (request === null || request.provider !== provider) return null;
  const { requestToken, returnTo } = request;
  if (request.purpose === 'sign-in') return { step: await logInByProvider(provider, { requestToken, query }), returnTo };
  await call('finishConnection', { params: { provider }, body: { requestToken, query } });
  return { step: null, returnTo };
};

/** The page to which an identity provider sends people back. Its answer leaves the address as soon as it is read. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(texts);
  const provider = params['provider'] ?? '';
  const isBegun = useRef(false);
  const finishing = useDo(finish.bind(null, provider), (finished) => {
    if (finished !== null && finished.step === null) navigate(finished.returnTo, { replace: true });
  });
  const { mutate } = finishing;
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    const query = location.search.slice(1);
    history.replaceState(null, '', location.pathname);
    mutate(query);
  }, [mutate]);
  const step = finishing.data?.step ?? null;
  return (
    <Page title={t.title} width="narrow">
      <div className="panel stack">
        {finishing.isPending ? <Loading /> : null}
        <Problem error={finishing.error} />
        {finishing.data === null ? <Notice look="warn">{t.lost}</Notice> : null}
        {step === null ? null : <SecondStep step={step} onRestart={() => navigate('/app/sign-in')} />}
      </div>
      <p>
        <Link to="/app/sign-in">{t.again}</Link>
      </p>
    </Page>
  );
};
