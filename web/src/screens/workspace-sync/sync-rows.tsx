import type { WorkspaceSync } from '@guildhall/contracts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { syncTexts } from './texts.ts';

type Row = WorkspaceSync['rows'][number];

const looks: Readonly<Partial<Record<Row['state'], string>>> = { done: 'good', refused: 'bad', kept: 'warn', sent: 'warn' };

const SyncRow = ({ row, workspaceId }: { readonly row: Row; readonly workspaceId: string }) => {
  const t = useTexts(syncTexts);
  const { name, action, reason, state, conflictId, code, detail } = row;
  return (
    <tr>
      <td>{name}</td>
      <td>
        {conflictId === null ? (
          t.actions[action]
        ) : (
          <Link to={workspaceAddress(workspaceId, `conflicts/${conflictId}`)}>{t.actions[action]}</Link>
        )}
      </td>
      <td>{t.reasons[reason]}</td>
      <td>
        <span className={`badge ${looks[state] ?? ''}`}>{t.states[state]}</span> {detail}{' '}
        {code === null ? null : <code>{code}</code>}
      </td>
    </tr>
  );
};

/** The rows of a synchronisation, planned or done, each with its reason. */
export const SyncRows = ({ sync, workspaceId }: { readonly sync: WorkspaceSync; readonly workspaceId: string }) => {
  const t = useTexts(syncTexts);
  if (sync.rows.length === 0) return <Notice look="good">{t.nothing}</Notice>;
  return (
    <>
      <div className="table-frame" role="region" aria-label={t.table} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t.document}</th>
              <th>{t.what}</th>
              <th>{t.why}</th>
              <th>{t.state}</th>
            </tr>
          </thead>
          <tbody>
            {sync.rows.map((row) => (
              <SyncRow key={row.documentId} row={row} workspaceId={workspaceId} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        {sync.isDryRun ? t.unchanged(sync.unchanged) : ''} {sync.remaining === 0 ? '' : t.remaining(sync.remaining)}
      </p>
    </>
  );
};
