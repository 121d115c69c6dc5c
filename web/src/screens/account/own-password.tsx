import type { ReactNode } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { forgetSession } from '../../api/session.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ownPasswordTexts } from './own-password-texts.ts';

/** The time after a sign-in within which an account without a password shows nothing else, in milliseconds. */
const recentMs = 10 * 60_000;

const hasPassword = (me: AnswerOf<'getMe'> | undefined): boolean => me?.waysIn.hasPassword !== false;
const isRecent = ({ signedInAt }: AnswerOf<'getMe'>): boolean => Date.now() - new Date(signedInAt).getTime() < recentMs;

/** The password as a body has it: left out by an account without one. */
export const ownPassword = (password: string): { readonly password?: string } => (password === '' ? {} : { password });

/** Ends the session, so that this screen asks for a sign-in and then goes on. */
const signInAgain = async (): Promise<void> => {
  try {
    await call('logOut');
  } finally {
    forgetSession();
  }
};

interface OwnPasswordParts {
  readonly label: string;
  readonly value: string;
  readonly onChange: (password: string) => void;
}

/** Asks for the own password. An account without one is told whether its sign-in is recent enough, and else to sign in again. */
export const OwnPassword = ({ label, value, onChange }: OwnPasswordParts): ReactNode => {
  const t = useTexts(ownPasswordTexts);
  const me = useRead('getMe', {}).data;
  if (me === undefined || hasPassword(me))
    return (
      <TextField
        label={label}
        type="password"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="current-password"
        required
      />
    );
  if (isRecent(me)) return <p className="muted">{t.recent}</p>;
  return (
    <Notice look="warn" title={t.noPassword}>
      <p>{t.signInAgainText}</p>
      <Button onClick={() => void signInAgain()}>{t.signInAgain}</Button>
    </Notice>
  );
};
