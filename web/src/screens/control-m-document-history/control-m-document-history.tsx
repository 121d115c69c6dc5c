import { call, type AnswerOf } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { History } from '../../kit/history.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Shown } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';

type Document = AnswerOf<'getControlMDocument'>;

const paramsOf = ({ workspaceId, id }: Document) => ({ workspaceId, documentId: id });

const Comparison = ({ document, from, to }: { readonly document: Document; readonly from: number; readonly to: number }) => {
  const comparison = useRead('compareControlMDocumentVersions', { params: paramsOf(document), query: { from, to } });
  return <Shown read={comparison}>{({ diff }) => <Diff diff={diff} />}</Shown>;
};

/** Every imported text of a document; any two compared, and any one restored. Its folders have histories of their own. */
export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', documentId = '' } = params;
  const read = useRead('getControlMDocument', { params: { workspaceId, documentId } });
  return (
    <Shown read={read}>
      {(document) => (
        <History
          item={document}
          address={workspaceAddress(workspaceId, `control-m/documents/${documentId}`)}
          restoredTo={workspaceAddress(workspaceId, 'control-m/documents')}
          list="listControlMDocumentVersions"
          read={(query) => call('listControlMDocumentVersions', { params: paramsOf(document), query })}
          restore={(version) =>
            call('restoreControlMDocumentVersion', { params: { ...paramsOf(document), version }, version: document.version })
          }
        >
          {(from, to) => <Comparison document={document} from={from} to={to} />}
        </History>
      )}
    </Shown>
  );
};
