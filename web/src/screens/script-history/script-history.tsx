import type { Script } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { History } from '../../kit/history.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Shown } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';

const paramsOf = ({ workspaceId, id }: Script) => ({ workspaceId, scriptId: id });

const Comparison = ({ script, from, to }: { readonly script: Script; readonly from: number; readonly to: number }) => {
  const comparison = useRead('compareScriptVersions', { params: paramsOf(script), query: { from, to } });
  return <Shown read={comparison}>{({ diff }) => <Diff diff={diff} />}</Shown>;
};

/** Every version of a script; any two compared, and any one restored. */
export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', scriptId = '' } = params;
  const read = useRead('getScript', { params: { workspaceId, scriptId } });
  return (
    <Shown read={read}>
      {(script) => (
        <History
          item={script}
          address={workspaceAddress(workspaceId, `scripts/${scriptId}`)}
          list="listScriptVersions"
          read={(query) => call('listScriptVersions', { params: paramsOf(script), query })}
          restore={(version) =>
            call('restoreScriptVersion', { params: { ...paramsOf(script), version }, version: script.version })
          }
        >
          {(from, to) => <Comparison script={script} from={from} to={to} />}
        </History>
      )}
    </Shown>
  );
};
