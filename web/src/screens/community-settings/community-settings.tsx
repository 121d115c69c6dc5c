import type { CommunitySettings } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { Facts } from '../../kit/facts.tsx';
import { navigate } from '../../router/router.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { WhyNot } from '../community/why-not.tsx';
import type { ScreenParts } from '../screens.ts';
import { shownValue } from './draft.ts';
import { SettingsForm } from './form.tsx';
import { Rights } from './rights.tsx';
import { SettingsBlame } from './settings-blame.tsx';
import './settings.css';
import { settingsTexts } from './texts.ts';

/** The settings as members see them who do not change them. */
const Agreed = ({ settings }: { readonly settings: CommunitySettings }) => {
  const t = useTexts(settingsTexts);
  const format = useFormat();
  const thresholdText = (threshold: CommunitySettings['minTrustForWealth']): string => {
    const value = format.number(shownValue(threshold));
    return threshold.type === 'share' ? t.percent(value) : t.pointsOf(value);
  };
  return (
    <section className="panel">
      <Facts
        facts={[
          [t.minTrustToAwardTrust, thresholdText(settings.minTrustToAwardTrust)],
          [t.minTrustForWealth, thresholdText(settings.minTrustForWealth)],
          [t.titles, settings.trustTitles.titles.map(({ name, minScore }) => `${minScore} ${name}`).join('\n')],
          [t.days, format.number(settings.nonContributionThresholdDays)],
          [t.seconds, format.number(settings.dashboardRefreshInterval)],
        ]}
      />
    </section>
  );
};

const Deletion = ({ place: { community, communityId } }: { readonly place: Place }) => {
  const t = useTexts(settingsTexts);
  const { version } = community;
  return (
    <section className="panel" aria-labelledby="deletion">
      <h2 id="deletion">{t.danger}</h2>
      <p className="muted">{t.dangerText}</p>
      <Actions
        actions={[
          {
            label: t.del,
            look: 'danger',
            question: t.dangerText,
            run: () => call('deleteCommunity', { params: { communityId }, version }),
            onDone: () => navigate('/app/communities', { replace: true }),
          },
        ]}
      />
    </section>
  );
};

/** The settings of a community: tried before it is saved; and who may do what in it, explained. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(settingsTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead}>
      {(place) => (
        <>
          {place.may('community:update') ? <SettingsForm place={place} /> : <Agreed settings={place.community.settings} />}
          <WhyNot place={place} right="community:update" />
          {place.may('member:read') ? <Rights place={place} /> : null}
          {place.may('community-audit:read') ? <SettingsBlame place={place} /> : null}
          {place.may('community:delete') ? <Deletion place={place} /> : null}
        </>
      )}
    </CommunityScreen>
  );
};
