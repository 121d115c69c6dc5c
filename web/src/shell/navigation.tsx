import { useRead } from '../api/reading.ts';
import { forgetSession, sessionStatus } from '../api/session.ts';
import { call } from '../api/call.ts';
import { useStore } from '../api/store.ts';
import { chooseLanguage, language, languages, useTexts, type Language } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { adminPartsFor } from '../screens/admin/parts.ts';
import { findScreen } from '../screens/screens.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useInstallation } from './installation.ts';
import { shellTexts } from './texts.ts';
import { chooseTheme, theme, type Theme } from './theme.ts';

interface Destination {
  readonly to: string;
  readonly icon: IconName;
  readonly label: string;
}

/** The destinations that this installation and this person have. */
const useDestinations = (): readonly Destination[] => {
  const t = useTexts(shellTexts);
  const installation = useInstallation();
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const me = useRead('getMe', {}, { isOn: isSignedIn });
  const permissions = me.data?.permissions ?? [];
  const isTeam = installation.data !== undefined && installation.data.state !== 'not_configured';
  const all: readonly Destination[] = [
    { to: '/app', icon: 'home', label: t.home },
    ...(isTeam && isSignedIn ? [{ to: '/app/communities', icon: 'community', label: t.communities } as const] : []),
    ...(isSignedIn && permissions.includes('audit:read') ? [{ to: '/app/audit', icon: 'audit', label: t.audit } as const] : []),
    ...(isSignedIn && adminPartsFor(permissions).length > 0
      ? [{ to: '/app/admin', icon: 'admin', label: t.admin } as const]
      : []),
    { to: '/app/installation', icon: 'server', label: t.installation },
    ...(isSignedIn ? [{ to: '/app/account', icon: 'account', label: t.account } as const] : []),
  ];
  return all.filter(({ to }) => findScreen(to) !== null);
};

const signOut = async (): Promise<void> => {
  try {
    await call('logOut');
  } finally {
    forgetSession();
  }
};

const Person = () => {
  const t = useTexts(shellTexts);
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const installation = useInstallation();
  const me = useRead('getMe', {}, { isOn: isSignedIn });
  if (!isSignedIn)
    return findScreen('/app/sign-in') === null ||
      installation.data === undefined ||
      installation.data.state === 'not_configured' ? null : (
      <Link className="button plain" to="/app/sign-in">
        {t.signIn}
      </Link>
    );
  return (
    <div className="person">
      <span className="person-name">{me.data?.displayName ?? ''}</span>
      <button type="button" className="button quiet" onClick={() => void signOut()}>
        {t.signOut}
      </button>
    </div>
  );
};

const Preferences = () => {
  const t = useTexts(shellTexts);
  return (
    <div className="preferences">
      <select
        aria-label={t.language}
        value={useStore(language)}
        onChange={(event) => chooseLanguage(event.target.value as Language)}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label={t.theme} value={useStore(theme)} onChange={(event) => chooseTheme(event.target.value as Theme)}>
        <option value="system">{t.system}</option>
        <option value="light">{t.light}</option>
        <option value="dark">{t.dark}</option>
      </select>
    </div>
  );
};

export const Navigation = ({ onChosen }: { readonly onChosen?: () => void }) => {
  const t = useTexts(shellTexts);
  const destinations = useDestinations();
  return (
    <div className="navigation">
      <nav aria-label={t.navigation}>
        <ul>
          {destinations.map(({ to, icon, label }) => (
            <li key={to}>
              <Link
                className="destination"
                to={to}
                coversBelow={to !== '/app'}
                {...(onChosen === undefined ? {} : { onClick: onChosen })}
              >
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="navigation-foot">
        <Person />
        <Preferences />
        <p className="small-print">
          <a href="/docs">{t.apiPage}</a> · <a href="/licences.txt">{t.licences}</a>
        </p>
      </div>
    </div>
  );
};
