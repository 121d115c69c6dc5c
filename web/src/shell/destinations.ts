import { useRead } from '../api/reading.ts';
import { sessionStatus } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { useTexts } from '../i18n/texts.ts';
import { adminPartsFor } from '../screens/admin/parts.ts';
import { findScreen } from '../screens/screens.ts';
import type { IconName } from '../ui/icon.tsx';
import { useInstallation } from './installation.ts';
import { shellTexts } from './texts.ts';

interface Destination {
  readonly to: string;
  readonly icon: IconName;
  readonly label: string;
}

/** The destinations that this installation and this person have. */
export const useDestinations = (): readonly Destination[] => {
  const t = useTexts(shellTexts);
  const installation = useInstallation();
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const me = useRead('getMe', {}, { isOn: isSignedIn });
  const permissions = me.data?.permissions ?? [];
  const isSolo = installation.data?.state === 'not_configured';
  /** Alone on this machine, one may what operators may. */
  const may = (permission: string): boolean => isSolo || (isSignedIn && permissions.includes(permission));
  const isTeam = installation.data !== undefined && installation.data.state !== 'not_configured';
  const all: readonly Destination[] = [
    { to: '/app', icon: 'home', label: t.home },
    ...(isTeam && isSignedIn ? [{ to: '/app/communities', icon: 'community', label: t.communities } as const] : []),
    ...(isSignedIn && permissions.includes('audit:read') ? [{ to: '/app/audit', icon: 'audit', label: t.audit } as const] : []),
    ...(isSignedIn && adminPartsFor(permissions).length > 0
      ? [{ to: '/app/admin', icon: 'admin', label: t.admin } as const]
      : []),
    { to: '/app/installation', icon: 'server', label: t.installation },
    ...(may('system:read') ? [{ to: '/app/system', icon: 'live', label: t.processes } as const] : []),
    ...(may('data:read') ? [{ to: '/app/data', icon: 'search', label: t.data } as const] : []),
    ...(isSignedIn ? [{ to: '/app/account', icon: 'account', label: t.account } as const] : []),
  ];
  return all.filter(({ to }) => findScreen(to) !== null);
};
