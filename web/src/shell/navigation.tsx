import { useRead } from '../api/reading.ts';
import { sessionStatus } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { chooseLanguage, language, languages, useTexts, type Language } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { findScreen } from '../screens/screens.ts';
import { Icon } from '../ui/icon.tsx';
import { useDestinations } from './destinations.ts';
import { useInstallation } from './installation.ts';
import { openPalette } from './palette-state.ts';
import { openRequests } from './requests-state.ts';
import { signOut } from './sign-out.ts';
import { shellTexts } from './texts.ts';
import { chooseTheme, theme, type Theme } from './theme.ts';

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

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

const PaletteButton = ({ onChosen }: { readonly onChosen?: () => void }) => {
  const t = useTexts(shellTexts);
  return (
    <button
      type="button"
      className="button plain palette-button"
      aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
      onClick={() => {
        onChosen?.();
        openPalette();
      }}
    >
      <Icon name="search" />
      {t.find}
      <kbd>{isApple ? '⌘K' : 'Ctrl K'}</kbd>
    </button>
  );
};

export const Navigation = ({ onChosen }: { readonly onChosen?: () => void }) => {
  const t = useTexts(shellTexts);
  const destinations = useDestinations();
  return (
    <div className="navigation">
      <div>
        <PaletteButton {...(onChosen === undefined ? {} : { onChosen })} />
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
      </div>
      <div className="navigation-foot">
        <Person />
        <Preferences />
        <p className="small-print">
          <Link to="/docs">{t.apiPage}</Link> ·{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              onChosen?.();
              openRequests();
            }}
          >
            {t.requests}
          </button>{' '}
          · <a href="/licences.txt">{t.licences}</a>
        </p>
      </div>
    </div>
  );
};
