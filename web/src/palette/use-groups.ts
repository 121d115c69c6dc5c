import { useRead } from '../api/reading.ts';
import { sessionStatus } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { useTexts } from '../i18n/texts.ts';
import { navigate, usePlace } from '../router/router.ts';
import { adminPartsFor } from '../screens/admin/parts.ts';
import { adminTexts } from '../screens/admin/texts.ts';
import { useDestinations } from '../shell/destinations.ts';
import { openRequests } from '../shell/requests-state.ts';
import { signOut } from '../shell/sign-out.ts';
import { chooseTheme, type Theme } from '../shell/theme.ts';
import { useSettled } from '../ui/use-typed.ts';
import { workspaceAddress } from '../workspace/frame.tsx';
import { matching, type Command, type CommandGroup } from './command.ts';
import { paletteTexts } from './texts.ts';
import { useCommunityCommands, useDocumentCommands, usePeopleCommands, useWorkspaceCommands } from './use-found.ts';

const pageOf = (label: string, to: string): Command => ({ id: `page-${to}`, label, run: () => navigate(to) });

/** The pages that this installation and this person have. */
const usePageCommands = (permissions: readonly string[]): readonly Command[] => {
  const t = useTexts(paletteTexts);
  const a = useTexts(adminTexts);
  return [
    ...useDestinations().map(({ to, label }) => pageOf(label, to)),
    ...adminPartsFor(permissions).map(([to, name]) => pageOf(`${a.admin}: ${a[name]}`, to)),
    ...(permissions.includes('audit:read') ? [pageOf(t.whoSet, '/app/audit/blame')] : []),
    pageOf(t.verify, '/app/audit/verify'),
    pageOf(t.api, '/docs'),
  ];
};

const themes = ['light', 'dark', 'system'] as const satisfies readonly Theme[];

const useActionCommands = (workspaceId: string | null): readonly Command[] => {
  const t = useTexts(paletteTexts);
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  return [
    pageOf(t.newWorkspace, '/app?new=workspace'),
    ...(workspaceId === null
      ? []
      : [
          pageOf(t.importInto, workspaceAddress(workspaceId, 'control-m/import')),
          pageOf(t.graphOf, workspaceAddress(workspaceId, 'control-m/graph')),
        ]),
    { id: 'requests', label: t.requests, run: openRequests },
    ...themes.map((theme) => ({ id: `theme-${theme}`, label: t[theme], run: () => chooseTheme(theme) })),
    ...(isSignedIn ? [{ id: 'sign-out', label: t.signOut, run: () => void signOut() }] : []),
  ];
};

/** The workspace whose page is shown; null on every other page. */
const useWorkspaceAtHand = (): string | null => /^\/app\/workspaces\/([^/]+)/.exec(usePlace().path)?.[1] ?? null;

/** The commands that the palette offers for a text, by kind. A kind without any is left out. */
export const useGroups = (text: string): readonly CommandGroup[] => {
  const t = useTexts(paletteTexts);
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const permissions = useRead('getMe', {}, { isOn: isSignedIn }).data?.permissions ?? [];
  const atHand = useWorkspaceAtHand();
  const workspaces = useWorkspaceCommands();
  const nearest = workspaces.toSorted((one, other) => Number(other.workspaceId === atHand) - Number(one.workspaceId === atHand));
  const sought = useSettled(text);
  const { scripts, folders } = useDocumentCommands(sought, nearest);
  const people = usePeopleCommands(sought, permissions.includes('user:read'));
  const pages = usePageCommands(permissions);
  const communities = useCommunityCommands(isSignedIn);
  const actions = useActionCommands(atHand);
  return [
    { name: t.pages, commands: matching(pages, text) },
    { name: t.workspaces, commands: matching(workspaces, text) },
    { name: t.scripts, commands: scripts },
    { name: t.folders, commands: folders },
    { name: t.communities, commands: matching(communities, text) },
    { name: t.people, commands: people },
    { name: t.actions, commands: matching(actions, text) },
  ].filter(({ commands }) => commands.length > 0);
};
