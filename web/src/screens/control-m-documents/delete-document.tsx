import type { ControlMDocumentSummary, ControlMImpact } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { DeleteDialog } from '../../control-m/delete-dialog.tsx';
import { FolderImpact } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
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

/** Deletes an imported document, after a look at what that touches. */
export const DeleteDocument = ({ document, onClose }: DeleteDocumentParts) => {
  const t = useTexts(documentTexts);
  return (
    <DeleteDialog
      title={t.removeOne(document.name)}
      text={t.removeText}
      action={t.removeYes}
      item={document}
      attempt={() => sendDeletion(document, 'true') as Promise<ControlMImpact>}
      view={FolderImpact}
      run={() => sendDeletion(document, 'false')}
      onDone={onClose}
      onClose={onClose}
    />
  );
};
