import { useRead } from '../../api/reading.ts';
import '../../control-m/control-m.css';
import { useTexts } from '../../i18n/texts.ts';
import { navigate, useSearch } from '../../router/router.ts';
import { Empty, Shown } from '../../ui/states.tsx';
import { Frame, OfWorkspace } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { Downloads, ExtentChoice, extents, Find, type Extent } from './bar.tsx';
import { Canvas } from './canvas.tsx';
import type { Graph } from './drawing.tsx';
import './graph.css';
import { Chosen, Summary } from './neighbours.tsx';
import { graphTexts } from './texts.ts';

/** The part of the graph that an extent around a job means; all of it without a job. */
const queryOf = (job: string, extent: Extent): Readonly<Record<string, string>> => {
  if (job === '' || extent === '') return {};
  if (extent === 'upstream' || extent === 'downstream') return { around: job, direction: extent };
  return { around: job, depth: extent };
};

interface GraphViewParts {
  readonly graph: Graph;
  readonly workspaceId: string;
  readonly job: string;
  readonly extent: Extent;
}

/** Chooses a job: each has an address, and the way back is the browser's. */
const choose = (path: string): void => {
  const query = new URLSearchParams(location.search);
  query.set('job', path);
  navigate(`${location.pathname}?${query.toString()}`);
};

const GraphView = ({ graph, workspaceId, job, extent }: GraphViewParts) => {
  const t = useTexts(graphTexts);
  const [, setExtent] = useSearch('show');
  if (graph.nodes.length === 0)
    return (
      <Empty title={t.none}>
        <p>{t.noneText}</p>
      </Empty>
    );
  return (
    <div className="graph">
      <Canvas graph={graph} chosen={job} onChoose={choose} />
      <div className="graph-side">
        <Find graph={graph} onChoose={choose} />
        {job === '' ? null : <ExtentChoice extent={extent} onExtent={setExtent} />}
        <Summary graph={graph} />
        {job === '' ? null : <Chosen graph={graph} workspaceId={workspaceId} path={job} onChoose={choose} />}
        <Downloads workspaceId={workspaceId} query={queryOf(job, extent)} />
      </div>
    </div>
  );
};

/** The dependency graph of a workspace. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(graphTexts);
  const { workspaceId = '' } = params;
  const [job] = useSearch('job');
  const [shown] = useSearch('show');
  const extent = extents.find((one) => one === shown) ?? '';
  const query = queryOf(job, extent);
  const graph = useRead('getControlMGraph', { params: { workspaceId }, query });
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {(workspace) => (
        <Frame workspace={workspace} width="full">
          <section aria-label={t.title}>
            <Shown read={graph}>{(data) => <GraphView graph={data} workspaceId={workspaceId} job={job} extent={extent} />}</Shown>
          </section>
        </Frame>
      )}
    </OfWorkspace>
  );
};
