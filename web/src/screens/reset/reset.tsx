import { useState } from 'react';
import { call } from '../../api/call.ts';
import { findPending, keepPending, type Pending } from '../../api/pending.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { forgetSession } from '../../api/session.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { CodeField, EmailField, NewPasswordField } from '../../kit/account-fields.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import '../sign-in/sign-in.css';

const texts = defineTexts(
  {
    title: 'Reset the password',
    email: 'E-mail address',
    send: 'Mail a code',
    sent: (email: string) =>
      `If ${email} has an account here, eight digits are on their way. They are good in this browser alone.`,
    code: 'Code',
    password: 'New password',
    hint: 'At least 12 characters: a sentence of a few words is easy to keep.',
    set: 'Set the password',
    other: 'Use another address',
    done: 'The new password is set',
    doneText: 'Every device was signed out.',
    signIn: 'Sign in',
  },
  {
    title: '重置密码',
    email: '邮箱',
    send: '发送验证码',
    sent: (email) => `如果 ${email} 在此有账户,八位数字已发出,仅在此浏览器有效。`,
    code: '验证码',
    password: '新密码',
    hint: '至少 12 个字符:几个词组成的句子最易记住。',
    set: '设置密码',
    other: '使用其他邮箱',
    done: '新密码已设置',
    doneText: '所有设备均已退出登录。',
    signIn: '登录',
  },
);

const Ask = ({ onSent }: { readonly onSent: (pending: Pending) => void }) => {
  const t = useTexts(texts);
  const [email, setEmail] = useState('');
  const asking = useDo(async () => {
    const { codeToken } = await call('sendResetCode', { body: { email: email.trim() } });
    onSent({ email: email.trim(), codeToken });
  });
  return (
    <RequestForm request={asking} action={t.send}>
      <EmailField label={t.email} value={email} fault={faultOf(asking.error, 'email')} onText={setEmail} autoFocus />
    </RequestForm>
  );
};

interface SetPasswordParts {
  readonly pending: Pending;
  readonly onOther: () => void;
  readonly onDone: () => void;
}

const SetPassword = ({ pending, onOther, onDone }: SetPasswordParts) => {
  const t = useTexts(texts);
  const [code, setCode] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const setting = useDo(() => call('resetPassword', { body: { ...pending, code: code.trim(), newPassword } }), onDone);
  const other = (
    <Button look="quiet" onClick={onOther}>
      {t.other}
    </Button>
  );
  return (
    <RequestForm request={setting} action={t.set} more={other}>
      <Notice>{t.sent(pending.email)}</Notice>
      <CodeField label={t.code} value={code} onText={setCode} autoFocus />
      <NewPasswordField
        label={t.password}
        hint={t.hint}
        value={newPassword}
        fault={faultOf(setting.error, 'newPassword')}
        onText={setNewPassword}
      />
    </RequestForm>
  );
};

/** Sets a new password by a code that was mailed. The words are the same for an address that nobody has. */
export const Screen = () => {
  const t = useTexts(texts);
  const [pending, setPending] = useState<Pending | null>(() => findPending('reset'));
  const [isDone, setDone] = useState(false);
  const settle = (next: Pending | null): void => {
    keepPending('reset', next);
    setPending(next);
  };
  const onDone = (): void => {
    settle(null);
    setDone(true);
    forgetSession();
  };
  return (
    <Page title={isDone ? t.done : t.title} width="narrow">
      {isDone ? (
        <Notice look="good">
          <p>{t.doneText}</p>
          <Link className="button main" to="/app/sign-in">
            {t.signIn}
          </Link>
        </Notice>
      ) : (
        <div className="panel">
          {pending === null ? (
            <Ask onSent={settle} />
          ) : (
            <SetPassword pending={pending} onOther={() => settle(null)} onDone={onDone} />
          )}
        </div>
      )}
    </Page>
  );
};
