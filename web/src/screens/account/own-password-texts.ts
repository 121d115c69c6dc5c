import { defineTexts } from '../../i18n/texts.ts';

export const ownPasswordTexts = defineTexts(
  {
    noPassword: 'This account has no password',
    recent: 'This account has no password: your sign-in of a moment ago stands for it.',
    signInAgainText: 'Sign in again, and do this within ten minutes.',
    signInAgain: 'Sign in again',
    setPassword: 'Set one by mail',
  },
  {
    noPassword: '此账户没有密码',
    recent: '此账户没有密码:您刚才的登录代替密码。',
    signInAgainText: '请重新登录,并在十分钟内完成此操作。',
    signInAgain: '重新登录',
    setPassword: '通过邮件设置密码',
  },
);
