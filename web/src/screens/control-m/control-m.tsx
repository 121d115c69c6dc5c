import { useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Frame, OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { FolderList } from './folder-list.tsx';
import { NewFolder } from './new-folder.tsx';
import { controlMTexts } from './texts.ts';

const Actions = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(controlMTexts);
  const [isNew, setNew] = useState(false);
  return (
    <>
      <Link className="button quiet" to={workspaceAddress(workspaceId, 'control-m/naming-rules')}>
        {t.rules}
      </Link>
      <Link className="button plain" to={workspaceAddress(workspaceId, 'control-m/documents')}>
        {t.documents}
      </Link>
      <Link className="button plain" to={workspaceAddress(workspaceId, 'control-m/transform')}>
        {t.transform}
      </Link>
      <Button icon="plus" onClick={() => setNew(true)}>
        {t.newFolder}
      </Button>
      <Link className="button main" to={workspaceAddress(workspaceId, 'control-m/import')}>
        <Icon name="plus" />
        {t.import}
      </Link>
      {isNew ? <NewFolder workspaceId={workspaceId} onClose={() => setNew(false)} /> : null}
    </>
  );
};

/** The Control-M folders of a workspace. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(controlMTexts);
  const { workspaceId = '' } = params;
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {(workspace) => (
        <Frame workspace={workspace} actions={<Actions workspaceId={workspaceId} />}>
          <section aria-labelledby="folders">
            <h2 id="folders">{t.folders}</h2>
            <FolderList workspaceId={workspaceId} />
          </section>
        </Frame>
      )}
    </OfWorkspace>
  );
};
