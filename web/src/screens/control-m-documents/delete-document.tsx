import type { ControlMDocumentSummary, ControlMImpact } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { FolderImpact, LookingForImpact } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/notice.tsx';
import { documentTexts } from './texts.ts';

const sendDeletion = ({ workspaceId, id: documentId, version }: ControlMDocumentSummary, dryRun: 'true' | 'false') =>
  call('deleteControlMDocument', {
    params: { workspaceId, documentId },
    version,
    // Whoever has seen what it touches may delete it all the same.
    query: { dryRun, force: dryRun === 'true' ? 'false' : 'true' },
  });

interface DeleteDocumentParts {
  readonly document: ControlMDocumentSummary;
  readonly onClose: () => void;
}

/** Deletes an imported document. What that touches is shown first. */
export const DeleteDocument = ({ document, onClose }: DeleteDocumentParts) => {
  const t = useTexts(documentTexts);
  const impact = useQuery({
    queryKey: ['delete-document', document.id, document.version],
    queryFn: () => sendDeletion(document, 'true') as Promise<ControlMImpact>,
  });
  const deletion = useDo(() => sendDeletion(document, 'false'), onClose);
  return (
    <Dialog title={t.removeOne(document.name)} onClose={onClose}>
      <div className="stack">
        <Problem error={deletion.error ?? impact.error} />
        {impact.data === undefined ? impact.isPending && <LookingForImpact /> : <FolderImpact impact={impact.data} />}
        <p>{t.removeText}</p>
        <div>
          <Button
            look="danger"
            isBusy={deletion.isPending}
            disabled={impact.data === undefined}
            onClick={() => deletion.mutate(undefined)}
          >
            {t.removeYes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};
