import type { Installation } from '@guildhall/contracts';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { Connected } from './connected.tsx';
import './installation.css';
import { installationTexts } from './texts.ts';
import { Wizard } from './wizard.tsx';

const whileRunningMs = 400;
const elseMs = 3_000;

/** Whether a database is to be connected: also while services still come back from a run that failed, so that what was typed stays. */
const isToBeConnected = ({ state, source, run }: Installation): boolean =>
  state === 'not_configured' || run?.status === 'running' || (run?.status === 'failed' && source === null);

/** The shared database: connecting one step by step, or how the connected one is. A reload finds the run under way. */
export const Screen = () => {
  const t = useTexts(installationTexts);
  const calm = useRead('getInstallation', {}, { everyMs: elseMs });
  const isRunning = calm.data?.run?.status === 'running';
  useRead('getInstallation', {}, { everyMs: whileRunningMs, isOn: isRunning });
  return (
    <Page title={t.title} lead={t.lead} width="narrow">
      <Shown read={calm}>
        {(installation) =>
          isToBeConnected(installation) ? <Wizard run={installation.run} /> : <Connected installation={installation} />
        }
      </Shown>
    </Page>
  );
};
