import type { InstallationRun } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { installationTexts } from './texts.ts';

/** The steps of a run as they happen, and why it stopped where it did. */
export const RunSteps = ({ run }: { readonly run: InstallationRun }) => {
  const t = useTexts(installationTexts);
  return (
    <section aria-labelledby="run">
      <h2 id="run">{run.status === 'failed' ? t.failed : t.progress}</h2>
      <ol className="steps" aria-live="polite">
        {run.steps.map(({ name, status, detail }) => (
          <li key={name} className={`step ${status}`}>
            <span className="step-mark">
              {status === 'done' ? <Icon name="check" /> : null}
              {status === 'failed' ? <Icon name="cross" /> : null}
            </span>
            <span>{name === 'connect' ? t.connectStep : t[name]}</span>
            {detail === undefined ? null : <span className="row-note">{detail}</span>}
          </li>
        ))}
      </ol>
      {run.fault === null ? null : (
        <Notice look="bad">
          <p>{run.fault.detail}</p>
          <p className="notice-foot">
            <code>{run.fault.code}</code>
          </p>
        </Notice>
      )}
    </section>
  );
};
