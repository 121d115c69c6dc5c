import type { ReactNode } from 'react';
import { asProblem, type ProblemParts } from '../api/problem.ts';
import { useStore } from '../api/store.ts';
import { language, useTexts } from '../i18n/texts.ts';
import { plainCodes, problemTexts } from './problem-texts.ts';

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

/** Says what happened in the language of the person; where the answer tells more than its code, that too, in the language of the API. */
const Told = ({ problem: { code, detail, retryAfterSeconds } }: { readonly problem: ProblemParts }) => {
  const t = useTexts(problemTexts);
  const isEnglish = useStore(language) === 'en';
  if (code === 'RATE_LIMITED' && retryAfterSeconds !== null) return <p>{t.waits(retryAfterSeconds)}</p>;
  if (plainCodes.has(code)) return <p>{t.titles[code]}</p>;
  return (
    <>
      {isEnglish ? null : <p>{t.titles[code]}</p>}
      <p lang="en">{detail}</p>
    </>
  );
};

/** An error, in words that say what to do, with the id by which it is found in the logs. */
export const Problem = ({ error, onAgain }: { readonly error: unknown; readonly onAgain?: () => void }) => {
  const t = useTexts(problemTexts);
  if (error === null || error === undefined) return null;
  const problem = asProblem(error).parts;
  const { code, requestId, errors } = problem;
  return (
    <Notice look="bad">
      <Told problem={problem} />
      {errors.length === 0 || code !== 'INVALID' ? null : (
        <ul lang="en">
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
