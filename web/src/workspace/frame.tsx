import type { Workspace } from '@guildhall/contracts';
import type { ReactNode } from 'react';
import { useRead } from '../api/reading.ts';
import { useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { Page } from '../ui/page.tsx';
import { Shown } from '../ui/states.tsx';
import './frame.css';
import { frameTexts } from './frame-texts.ts';

/** The address of a workspace, or of a part of it. */
export const workspaceAddress = (workspaceId: string, part = ''): string =>
  `/app/workspaces/${workspaceId}${part === '' ? '' : `/${part}`}`;

const Parts = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(frameTexts);
  const parts = [
    ['', t.scripts],
    ['control-m', t.folders],
    ['control-m/jobs', t.jobs],
    ['control-m/graph', t.graph],
  ] as const;
  return (
    <nav className="parts" aria-label={t.parts}>
      {parts.map(([part, label]) => (
        <Link key={part} className="part" to={workspaceAddress(workspaceId, part)}>
          {label}
        </Link>
      ))}
    </nav>
  );
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
      <Parts workspaceId={workspace.id} />
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
  return <Shown read={workspace}>{children}</Shown>;
};
