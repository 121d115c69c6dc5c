import type { Workspace } from '@guildhall/contracts';
import { useState } from 'react';
import { send } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { saveText } from '../../ui/save-text.ts';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { ArchiveImport } from './archive-import.tsx';
import { archiveTexts } from './texts.ts';

const tar = 'application/x-tar';

const ArchiveExport = ({ workspace: { id: workspaceId, name } }: { readonly workspace: Workspace }) => {
  const t = useTexts(archiveTexts);
  const [hasHistory, setHistory] = useState(false);
  const packing = useDo(
    async () => {
      const answer = await send('exportWorkspace', { params: { workspaceId }, query: { history: String(hasHistory) } });
      return answer.blob();
    },
    (archive) => saveText(`${name}.tar`, archive, tar),
  );
  return (
    <section className="panel stack" aria-labelledby="export">
      <h2 id="export">{t.export}</h2>
      <p className="muted">{t.exportText}</p>
      <CheckField label={t.history} checked={hasHistory} onChange={setHistory} />
      <Problem error={packing.error} />
      <div>
        <Button isBusy={packing.isPending} onClick={() => packing.mutate(undefined)}>
          {t.exportYes}
        </Button>
      </div>
    </section>
  );
};

/** A workspace as one file: taken along, and brought in. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(archiveTexts);
  const { workspaceId = '' } = params;
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {(workspace) => (
        <Page title={t.title} lead={t.lead} trail={<Link to={workspaceAddress(workspaceId)}>{workspace.name}</Link>}>
          <ArchiveExport workspace={workspace} />
          <ArchiveImport workspaceId={workspaceId} />
        </Page>
      )}
    </OfWorkspace>
  );
};
