import { Suspense, useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { usePlace } from '../router/router.ts';
import { findScreen } from '../screens/screens.ts';
import { Icon } from '../ui/icon.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Page } from '../ui/page.tsx';
import { Loading } from '../ui/states.tsx';
import { OutageBanner } from './banner.tsx';
import { ScreenFault } from './screen-fault.tsx';
import { Navigation } from './navigation.tsx';
import { PaletteDoor } from './palette-door.tsx';
import { RequestsDoor } from './requests-door.tsx';
import { shellTexts } from './texts.ts';

const Mark = () => (
  <Link to="/app" className="mark">
    <img src="/guildhall.svg" width="26" height="26" alt="" />
    Guildhall
  </Link>
);

/** Screen readers and the keyboard begin at the new page's heading when the address changes, as they do on a loaded page. */
const useFocusOnArrival = (path: string) => {
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
};

const Content = ({ path }: { readonly path: string }) => {
  const t = useTexts(shellTexts);
  const found = findScreen(path);
  if (found === null)
    return (
      <Page title={t.noSuchPage}>
        <p>
          <Link to="/app" className="button plain">
            {t.toHome}
          </Link>
        </p>
      </Page>
    );
  const { Screen, params } = found;
  return <Screen key={path} params={params} />;
};

/** The first stop of the keyboard: past the navigation. */
const SkipLink = ({ onSkip }: { readonly onSkip: () => void }) => (
  <a
    className="skip"
    href="#content"
    onClick={(event) => {
      event.preventDefault();
      onSkip();
    }}
  >
    {useTexts(shellTexts).skip}
  </a>
);

export const Shell = () => {
  const t = useTexts(shellTexts);
  const { path } = usePlace();
  const main = useFocusOnArrival(path);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <SkipLink onSkip={() => main.current?.focus()} />
      <div className="shell">
        <header className="side">
          <Mark />
          <button type="button" className="button quiet menu" aria-label={t.openNavigation} onClick={() => setOpen(true)}>
            <Icon name="menu" />
          </button>
          <Navigation />
        </header>
        <main id="content" ref={main} tabIndex={-1}>
          <OutageBanner />
          <ScreenFault key={path}>
            <Suspense fallback={<Loading lines={5} />}>
              <Content path={path} />
            </Suspense>
          </ScreenFault>
        </main>
      </div>
      {isOpen ? (
        <Dialog title="Guildhall" onClose={() => setOpen(false)}>
          <Navigation onChosen={() => setOpen(false)} />
        </Dialog>
      ) : null}
      <PaletteDoor />
      <RequestsDoor />
    </>
  );
};
