import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.ts';
import { defineTexts, useTexts } from '../i18n/texts.ts';

const texts = defineTexts(
  {
    request: (id: string) => `Request ${id}`,
    again: 'Try again',
    RATE_LIMITED: 'Too many attempts. Wait a moment, then try again.',
    WRONG_PASSWORD: 'The address or the password is wrong.',
    WRONG_CODE: 'This code is wrong, used up or too old.',
    FORBIDDEN: 'Your role does not allow this.',
    UNREACHABLE: 'Guildhall does not answer. This page tries again by itself.',
    SHARED_DB_UNAVAILABLE: 'The shared database is away. Solo workspaces go on. This page looks again by itself.',
    SERVICE_UNAVAILABLE: 'A part of Guildhall is away. This page looks again by itself.',
    NOT_CONFIGURED: 'No shared database is connected yet.',
    REAUTHENTICATION_REQUIRED: 'This account has no password. Sign in again, and do this within ten minutes.',
    CHALLENGE_ENDED: 'This sign-in took too long. Begin again.',
  },
  {
    request: (id) => `请求 ${id}`,
    again: '重试',
    RATE_LIMITED: '尝试次数过多,请稍候再试。',
    WRONG_PASSWORD: '邮箱或密码不正确。',
    WRONG_CODE: '验证码错误、已使用或已过期。',
    FORBIDDEN: '您的角色无权执行此操作。',
    UNREACHABLE: 'Guildhall 没有响应,本页会自动重试。',
    SHARED_DB_UNAVAILABLE: '共享数据库暂不可用。单机工作区照常可用,本页会自动恢复。',
    SERVICE_UNAVAILABLE: 'Guildhall 的一部分暂不可用,本页会自动恢复。',
    NOT_CONFIGURED: '尚未连接共享数据库。',
    REAUTHENTICATION_REQUIRED: '此账户没有密码。请重新登录,并在十分钟内完成此操作。',
    CHALLENGE_ENDED: '登录超时,请重新开始。',
  },
);

interface NoticeParts {
  readonly look?: 'plain' | 'good' | 'warn' | 'bad';
  readonly title?: string;
  readonly children?: ReactNode;
}

export const Notice = ({ look = 'plain', title, children }: NoticeParts) => (
  <div className={`notice ${look}`} role={look === 'bad' ? 'alert' : 'status'}>
    {title === undefined ? null : <strong>{title}</strong>}
    {children}
  </div>
);

/** An error, in words that say what to do, with the id by which it is found in the logs. */
export const Problem = ({ error, onAgain }: { readonly error: unknown; readonly onAgain?: () => void }) => {
  const t = useTexts(texts);
  if (error === null || error === undefined) return null;
  const { code, detail, requestId, errors } = asProblem(error).parts;
  const own = code in t ? (t as Readonly<Record<string, unknown>>)[code] : undefined;
  return (
    <Notice look="bad">
      <p>{typeof own === 'string' ? own : detail}</p>
      {errors.length === 0 || code !== 'INVALID' ? null : (
        <ul>
          {errors.map(({ path, message }) => (
            <li key={path + message}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <p className="notice-foot">
        <code>{code}</code>
        {requestId === null ? null : <span>{t.request(requestId)}</span>}
        {onAgain === undefined ? null : (
          <button type="button" className="button quiet" onClick={onAgain}>
            {t.again}
          </button>
        )}
      </p>
    </Notice>
  );
};
