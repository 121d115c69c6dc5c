import type { ControlMFolder } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import '../../control-m/control-m.css';
import { useTexts } from '../../i18n/texts.ts';
import { History } from '../../kit/history.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Shown } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { Differences } from './differences.tsx';
import { folderHistoryTexts } from './texts.ts';

const paramsOf = ({ workspaceId, id }: ControlMFolder) => ({ workspaceId, folderId: id });

interface ComparisonParts {
  readonly folder: ControlMFolder;
  readonly from: number;
  readonly to: number;
}

const Comparison = ({ folder, from, to }: ComparisonParts) => {
  const t = useTexts(folderHistoryTexts);
  const request = { params: paramsOf(folder), query: { from, to } };
  const byJob = useRead('compareControlMFolderVersionsByJob', request);
  const byLine = useRead('compareControlMFolderVersions', request);
  return (
    <>
      <h3>{t.byJob}</h3>
      <Shown read={byJob}>{({ differences }) => <Differences differences={differences} />}</Shown>
      <h3>{t.byLine}</h3>
      <Shown read={byLine}>{({ diff }) => <Diff diff={diff} />}</Shown>
    </>
  );
};

/** Every version of a folder; any two compared job by job and line by line, and any one restored. */
export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', folderId = '' } = params;
  const read = useRead('getControlMFolder', { params: { workspaceId, folderId } });
  return (
    <Shown read={read}>
      {(folder) => (
        <History
          item={folder}
          address={workspaceAddress(workspaceId, `control-m/folders/${folderId}`)}
          list="listControlMFolderVersions"
          read={(query) => call('listControlMFolderVersions', { params: paramsOf(folder), query })}
          restore={(version) =>
            call('restoreControlMFolderVersion', { params: { ...paramsOf(folder), version }, version: folder.version })
          }
        >
          {(from, to) => <Comparison folder={folder} from={from} to={to} />}
        </History>
      )}
    </Shown>
  );
};
