import { useState } from 'react';
import { localToken } from '../../api/local-token.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copied.tsx';
import { Select, submitting, TextArea, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { credentialsOf, isStream, mediaOf, type ApiOperation, type Parameter } from './document.ts';
import { docsTexts } from './texts.ts';
import {
  curlOf,
  idempotencyKey,
  keepCredentials,
  keptCredentials,
  sendTrial,
  type Credentials,
  type Trial,
  type TrialAnswer,
} from './trial.ts';

const CredentialFields = ({
  names,
  credentials,
  onChange,
}: {
  readonly names: readonly string[];
  readonly credentials: Credentials;
  readonly onChange: (credentials: Credentials) => void;
}) => {
  const t = useTexts(docsTexts);
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const me = useRead('getMe', {}, { isOn: isSignedIn });
  const local = useStore(localToken);
  const field = (name: keyof Credentials, label: string, hint: string) =>
    names.includes(name) ? (
      <TextField
        label={label}
        hint={hint}
        value={credentials[name]}
        spellCheck={false}
        onChange={(event) => onChange({ ...credentials, [name]: event.target.value.trim() })}
      />
    ) : null;
  return (
    <>
      {names.includes('accessToken') && credentials.accessToken === '' ? (
        <p className="muted">{me.data === undefined ? t.asNobody : t.asYou(me.data.displayName)}</p>
      ) : null}
      {field('accessToken', t.token, t.tokenHint)}
      {field('setupToken', t.setupToken, t.tokenHint)}
      {field('localToken', t.localToken, local === null ? t.tokenHint : t.localKnown)}
    </>
  );
};

interface ParameterFieldParts {
  readonly parameter: Parameter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const ParameterField = ({ parameter: { name, required = false, schema }, value, onChange }: ParameterFieldParts) => {
  const options = schema.enum ?? (schema.type === 'boolean' ? [true, false] : null);
  if (options === null)
    return (
      <TextField
        label={name}
        value={value}
        required={required}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <Select label={name} value={value} required={required} onChange={(event) => onChange(event.target.value)}>
      <option value=""> </option>
      {options.map(String).map((option) => (
        <option key={option}>{option}</option>
      ))}
    </Select>
  );
};

const AnswerView = ({ answer: { status, headers, text, isCut } }: { readonly answer: TrialAnswer }) => {
  const t = useTexts(docsTexts);
  return (
    <section aria-labelledby="trial-answer">
      <h2 id="trial-answer">
        {t.answer} <code className={`badge ${status < 400 ? 'good' : 'bad'}`}>{status}</code>
      </h2>
      {text === '' ? null : (
        <pre className="value trial-text" tabIndex={0} role="region" aria-label={t.answer}>
          {text}
        </pre>
      )}
      {isCut ? <p className="muted">{t.cut}</p> : null}
      <details>
        <summary>{t.headers}</summary>
        <pre className="value">{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>
      </details>
    </section>
  );
};

interface TrialFieldsParts {
  readonly operation: ApiOperation;
  readonly trial: Trial;
  readonly onChange: (trial: Trial) => void;
}

const BodyField = ({ operation: { requestBody }, trial, onChange }: TrialFieldsParts) => {
  const t = useTexts(docsTexts);
  const media = mediaOf(requestBody?.content);
  if (media === null) return null;
  return (
    <>
      <TextArea
        className="code"
        label={t.body}
        rows={8}
        value={trial.body}
        spellCheck={false}
        onChange={(event) => onChange({ ...trial, body: event.target.value })}
      />
      {media.example === undefined ? null : (
        <div>
          <Button look="quiet" onClick={() => onChange({ ...trial, body: JSON.stringify(media.example, null, 2) })}>
            {t.putExample}
          </Button>
        </div>
      )}
    </>
  );
};

const TrialFields = (parts: TrialFieldsParts) => {
  const { operation, trial, onChange } = parts;
  const { parameters = [] } = operation;
  const t = useTexts(docsTexts);
  const takesKey = parameters.some(({ name }) => name === idempotencyKey);
  return (
    <>
      {parameters
        .filter(({ name }) => name !== idempotencyKey)
        .map((parameter) => {
          const name = `${parameter.in} ${parameter.name}`;
          return (
            <ParameterField
              key={name}
              parameter={parameter}
              value={trial.values[name] ?? ''}
              onChange={(value) => onChange({ ...trial, values: { ...trial.values, [name]: value } })}
            />
          );
        })}
      {takesKey ? (
        <p className="muted">
          <code>{idempotencyKey}</code>: {t.freshKey}
        </p>
      ) : null}
      <BodyField {...parts} />
    </>
  );
};

/** Sends a request of an operation, and shows what came back. */
export const TryIt = ({ operation }: { readonly operation: ApiOperation }) => {
  const t = useTexts(docsTexts);
  const [trial, setTrial] = useState<Trial>({ values: {}, body: '' });
  const [credentials, setCredentials] = useState(keptCredentials);
  const names = credentialsOf(operation);
  const sending = useDo(() => sendTrial(operation, trial, credentials));
  const onCredentials = (next: Credentials): void => {
    keepCredentials(next);
    setCredentials(next);
  };
  return (
    <section className="panel" aria-labelledby="try">
      <h2 id="try">{t.try}</h2>
      <form className="stack" onSubmit={submitting(() => sending.mutate(undefined))}>
        <CredentialFields names={names} credentials={credentials} onChange={onCredentials} />
        <TrialFields operation={operation} trial={trial} onChange={setTrial} />
        {isStream(operation) ? (
          <Notice>{t.stream}</Notice>
        ) : (
          <div>
            <Button type="submit" look="main" isBusy={sending.isPending}>
              {t.send}
            </Button>
          </div>
        )}
        <Copyable label={t.curl} text={curlOf(operation, trial, names)} />
      </form>
      <Problem error={sending.error} />
      {sending.data === undefined ? null : <AnswerView answer={sending.data} />}
    </section>
  );
};
