import { problemIn } from '../api/reading.ts';
import { useTexts } from '../i18n/texts.ts';
import { Notice } from '../ui/notice.tsx';
import { useInstallation } from './installation.ts';
import { shellTexts } from './texts.ts';

/** Says what is away and what goes on, for as long as it is so. */
export const OutageBanner = () => {
  const t = useTexts(shellTexts);
  const installation = useInstallation();
  if (problemIn(installation) !== null)
    return (
      <Notice look="warn" title={t.gatewayAway}>
        <p>{t.gatewayAwayText}</p>
      </Notice>
    );
  const state = installation.data?.state;
  if (state === 'unavailable')
    return (
      <Notice look="warn" title={t.away}>
        <p>{t.awayText}</p>
        <ul className="services">
          {installation.data?.services
            .filter(({ status }) => status !== 'ready')
            .map(({ service, detail }) => (
              <li key={service}>
                {service}
                {detail === undefined ? '' : `: ${detail}`}
              </li>
            ))}
        </ul>
      </Notice>
    );
  if (state === 'connecting')
    return (
      <Notice title={t.connecting}>
        <p>{t.connectingText}</p>
      </Notice>
    );
  return null;
};
