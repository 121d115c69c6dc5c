import type { AnswerOf } from '../../api/call.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Copyable } from '../../ui/copied.tsx';
import { TextField } from '../../ui/field.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { signInTexts } from './texts.ts';

interface SecretAndCodesParts {
  readonly enrolment: AnswerOf<'beginTotp'>;
  readonly code: string;
  readonly onCode: (code: string) => void;
  readonly recoveryCode: string;
  readonly onRecoveryCode: (code: string) => void;
}

/** Recovery codes, which are shown this once. */
export const CodeList = ({ codes }: { readonly codes: readonly string[] }) => (
  <>
    <p>{useTexts(signInTexts).recovery}</p>
    <ul className="recovery-codes">
      {codes.map((one) => (
        <li key={one}>
          <code>{one}</code>
        </li>
      ))}
    </ul>
  </>
);

/** Shows a secret for an authenticator with its recovery codes, and asks for one of each. */
export const SecretAndCodes = ({ enrolment, code, onCode, recoveryCode, onRecoveryCode }: SecretAndCodesParts) => {
  const t = useTexts(signInTexts);
  return (
    <>
      <p>{t.enrolText}</p>
      <QrCode text={enrolment.uri} label={t.qr} />
      <Copyable label={t.secret} text={enrolment.secret} />
      <CodeList codes={enrolment.recoveryCodes} />
      <TextField
        label={t.shown}
        value={code}
        onChange={(event) => onCode(event.target.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
      />
      <TextField
        label={t.recoveryCode}
        value={recoveryCode}
        onChange={(event) => onRecoveryCode(event.target.value)}
        spellCheck={false}
        required
      />
    </>
  );
};
