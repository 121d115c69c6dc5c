import type { Workspace } from '@guildhall/contracts';
import type { ReactNode } from 'react';
import { copiesAtWork } from '../api/copies-at-work.ts';
import { useRead } from '../api/reading.ts';
import { useStore } from '../api/store.ts';
import { useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { useInstallation } from '../shell/installation.ts';
import { ShownOrSignIn } from '../shell/shown-or-sign-in.tsx';
import { Page } from '../ui/page.tsx';
import { TabBar } from '../ui/tab-bar.tsx';
import { CopyNotice } from './copy-notice.tsx';
import { frameTexts } from './frame-texts.ts';

/** The address of a workspace, or of a part of it. */
export const workspaceAddress = (workspaceId: string, part = ''): string =>
  `/app/workspaces/${workspaceId}${part === '' ? '' : `/${part}`}`;

/** The way to the other side: into a community, or to the copy on this machine. None where there is no other side. */
const useOtherSide = ({ id, mode }: Workspace): readonly (readonly [part: string, label: string])[] => {
  const t = useTexts(frameTexts);
  const installation = useInstallation();
  const isAtWork = useStore(copiesAtWork).has(id);
  if (installation.data === undefined || installation.data.state === 'not_configured') return [];
  return mode === 'shared' || isAtWork ? [['sync', t.sync]] : [['share', t.share]];
};

const Parts = ({ workspace }: { readonly workspace: Workspace }) => {
  const t = useTexts(frameTexts);
  const parts = [
    ['', t.scripts],
    ['control-m', t.folders],
    ['control-m/jobs', t.jobs],
    ['control-m/graph', t.graph],
    ...useOtherSide(workspace),
  ] as const;
  return <TabBar label={t.parts} tabs={parts.map(([part, label]) => ({ to: workspaceAddress(workspace.id, part), label }))} />;
};

interface FrameParts {
  readonly workspace: Workspace;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly width?: 'normal' | 'full';
}

/** The frame of a screen that shows a part of a workspace: its name, and the way to the other parts. */
export const Frame = ({ workspace, actions, children, width = 'normal' }: FrameParts) => {
  const t = useTexts(frameTexts);
  return (
    <Page
      title={workspace.name}
      width={width}
      trail={
        <>
          <Link to="/app">{t.home}</Link> / {workspace.mode === 'solo' ? t.solo : t.shared}
        </>
      }
      lead={workspace.description}
      actions={actions}
    >
      <Parts workspace={workspace} />
      <CopyNotice workspace={workspace} />
      {children}
    </Page>
  );
};

interface OfWorkspaceParts {
  readonly workspaceId: string;
  readonly children: (workspace: Workspace) => ReactNode;
}

/** Reads a workspace, and draws what lies in it. */
export const OfWorkspace = ({ workspaceId, children }: OfWorkspaceParts) => {
  const workspace = useRead('getWorkspace', { params: { workspaceId } });
  return <ShownOrSignIn read={workspace}>{children}</ShownOrSignIn>;
};
