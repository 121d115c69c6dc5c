import { call } from '../../api/call.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import { documentTexts } from './texts.ts';

/** The deleted documents, each of which can be restored while its name is free. */
export const DeletedDocuments = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(documentTexts);
  const format = useFormat();
  const pages = usePages(['listControlMDocuments', workspaceId, 'deleted'], (cursor) =>
    call('listControlMDocuments', {
      params: { workspaceId },
      query: { state: 'deleted', ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
  const restoration = useDo((documentId: string) => call('restoreControlMDocument', { params: { workspaceId, documentId } }));
  return (
    <>
      <Problem error={restoration.error} />
      <PagedList pages={pages} empty={<p className="muted">{t.noneDeleted}</p>}>
        {(items) => (
          <ul className="rows">
            {items.map(({ id, name, updatedAt }) => (
              <li key={id} className="row">
                <span className="row-title">{name}</span>
                <span className="row-note">{format.ago(updatedAt)}</span>
                <Button aria-label={t.restoreOne(name)} isBusy={restoration.isPending} onClick={() => restoration.mutate(id)}>
                  {t.restore}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
};
