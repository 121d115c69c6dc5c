import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { useLinkSecret } from '../../router/secret.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { SecondStep } from '../sign-in/second-step.tsx';
import '../sign-in/sign-in.css';
import { logInByCode, type SecondStep as Step } from '../sign-in/steps.ts';

const texts = defineTexts(
  {
    title: 'Sign in by link',
    asked: (email: string) => `Somebody asked to sign in as ${email}:`,
    when: 'When',
    from: 'From the address',
    device: 'With',
    warning: 'Go on only if that was you. If not, close this page: nothing happens then.',
    goOn: 'That was me: sign in here',
    other: 'Sign in another way',
  },
  {
    title: '通过链接登录',
    asked: (email) => `有人请求以 ${email} 登录:`,
    when: '时间',
    from: '来自地址',
    device: '设备',
    warning: '仅当是您本人时才继续。否则请关闭本页,什么都不会发生。',
    goOn: '是我:在此登录',
    other: '以其他方式登录',
  },
);

const Asked = ({
  asked,
  code,
  onStep,
}: {
  readonly asked: AnswerOf<'lookAtLink'>;
  readonly code: string;
  readonly onStep: (step: Step | null) => void;
}) => {
  const t = useTexts(texts);
  const format = useFormat();
  const attempt = useDo(() => logInByCode({ email: asked.email, codeToken: asked.codeToken, code }, 'magic_link'), onStep);
  return (
    <div className="stack">
      <p>{t.asked(asked.email)}</p>
      <dl className="facts">
        <dt>{t.when}</dt>
        <dd>{format.time(asked.askedAt)}</dd>
        <dt>{t.from}</dt>
        <dd>{asked.ipAddress}</dd>
        <dt>{t.device}</dt>
        <dd>{asked.deviceLabel}</dd>
      </dl>
      <p>{t.warning}</p>
      <Problem error={attempt.error} />
      <div>
        <Button look="main" isBusy={attempt.isPending} onClick={() => attempt.mutate(undefined)}>
          {t.goOn}
        </Button>
      </div>
    </div>
  );
};

/** Shows who asked for a mailed sign-in before it is used. */
export const Screen = () => {
  const t = useTexts(texts);
  const linkToken = useLinkSecret();
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const [step, setStep] = useState<Step | null>(null);
  const look = useQuery({
    queryKey: ['lookAtLink', linkToken],
    queryFn: () => call('lookAtLink', { body: { linkToken } }),
    refetchOnWindowFocus: false,
  });
  useEffect(() => {
    if (isSignedIn) navigate('/app', { replace: true });
  }, [isSignedIn]);
  return (
    <Page title={t.title} width="narrow">
      <div className="panel">
        {step === null ? (
          <Shown read={look}>{(asked) => <Asked asked={asked} code={linkToken.split('.')[1] ?? ''} onStep={setStep} />}</Shown>
        ) : (
          <SecondStep step={step} onRestart={() => setStep(null)} />
        )}
      </div>
      <p>
        <Link to="/app/sign-in">{t.other}</Link>
      </p>
    </Page>
  );
};
