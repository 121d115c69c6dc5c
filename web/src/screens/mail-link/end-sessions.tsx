import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { forgetSession } from '../../api/session.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useLinkSecret } from '../../router/secret.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';

const texts = defineTexts(
  {
    title: 'Sign every device out',
    lead: 'Something about your account was changed, and that was not you? This ends every session and every sign-in under way. Reset the password afterwards.',
    end: 'Sign every device out',
    done: 'Every device was signed out.',
    reset: 'Reset the password',
  },
  {
    title: '让所有设备退出登录',
    lead: '您的账户被更改,但不是您所为?此操作会结束所有会话和正在进行的登录。之后请重置密码。',
    end: '让所有设备退出登录',
    done: '所有设备均已退出登录。',
    reset: '重置密码',
  },
);

/** The page of the link in mails about changed credentials. */
export const Screen = () => {
  const t = useTexts(texts);
  const linkToken = useLinkSecret();
  const ending = useDo(() => call('endSessionsByLink', { body: { linkToken } }), forgetSession);
  return (
    <Page title={t.title} lead={t.lead} width="narrow">
      <Problem error={ending.error} />
      {ending.isSuccess ? (
        <Notice look="good">
          <p>{t.done}</p>
          <Link className="button plain" to="/app/reset">
            {t.reset}
          </Link>
        </Notice>
      ) : (
        <div>
          <Button look="danger" isBusy={ending.isPending} onClick={() => ending.mutate(undefined)}>
            {t.end}
          </Button>
        </div>
      )}
    </Page>
  );
};
