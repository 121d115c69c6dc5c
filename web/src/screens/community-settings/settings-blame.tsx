import { useTexts } from '../../i18n/texts.ts';
import { blameAddress } from '../../kit/blame-link.tsx';
import { Link } from '../../router/link.tsx';
import type { Place } from '../community/place.tsx';
import { settingsTexts } from './texts.ts';

const settings = [
  ['minTrustToAwardTrust', 'minTrustToAwardTrust'],
  ['minTrustForWealth', 'minTrustForWealth'],
  ['trustTitles', 'titles'],
  ['nonContributionThresholdDays', 'days'],
  ['dashboardRefreshInterval', 'seconds'],
  ['metricVisibilitySettings', 'metrics'],
  ['disputeHandlingCouncils', 'councils'],
  ['pollCreatorUsers', 'creators'],
] as const;

/** Leads from each setting to who set it, when, and from what. */
export const SettingsBlame = ({ place: { communityId } }: { readonly place: Place }) => {
  const t = useTexts(settingsTexts);
  return (
    <section aria-labelledby="who-set">
      <h2 id="who-set">{t.whoSet}</h2>
      <p className="muted">{t.whoSetText}</p>
      <ul className="rows">
        {settings.map(([name, label]) => (
          <li key={name} className="row">
            <Link to={blameAddress({ type: 'community', id: communityId, path: `/settings/${name}` }, communityId)}>
              {t[label]}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
};
