import { useEffect, useRef, type RefObject } from 'react';
import { folderAddress } from '../../control-m/addresses.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import type { Graph, GraphEdge } from './drawing.tsx';
import { graphTexts } from './texts.ts';

interface ListParts {
  readonly title: string;
  readonly id: string;
  readonly edges: readonly GraphEdge[];
  readonly pathOf: (edge: GraphEdge) => string;
  readonly onChoose: (path: string) => void;
}

const Neighbours = ({ title, id, edges, pathOf, onChoose }: ListParts) => {
  const t = useTexts(graphTexts);
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {edges.length === 0 ? <p className="muted">{t.nothing}</p> : null}
      <ul className="path-list">
        {edges.map((edge) => (
          <li key={`${pathOf(edge)} ${edge.kind} ${edge.by}`}>
            <button type="button" className="link" onClick={() => onChoose(pathOf(edge))}>
              {pathOf(edge)}
            </button>{' '}
            <span className="muted">
              {t[edge.kind]} {edge.by}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** The way to the folder of a job; jobs beside folders have none. */
const FolderLink = ({ workspaceId, path }: { readonly workspaceId: string; readonly path: string }) => {
  const t = useTexts(graphTexts);
  const jobs = useRead('listControlMJobs', { params: { workspaceId }, query: { q: path, limit: 100 } });
  const folderId = jobs.data?.items.find((job) => job.path === path || job.path.startsWith(`${path}/`))?.folderId;
  return folderId === null || folderId === undefined ? null : <Link to={folderAddress(workspaceId, folderId)}>{t.folder}</Link>;
};

/** A step from one job to the next ends at the heading of the next one: the button that was pressed is gone. */
const useFocusOnWalk = (path: string): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) heading.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return heading;
};

interface ChosenParts {
  readonly graph: Graph;
  readonly workspaceId: string;
  readonly path: string;
  readonly onChoose: (path: string) => void;
}

/** A job or folder with its neighbours, to walk from one to the next. */
export const Chosen = ({ graph, workspaceId, path, onChoose }: ChosenParts) => {
  const t = useTexts(graphTexts);
  const node = graph.nodes.find((one) => one.path === path);
  const heading = useFocusOnWalk(path);
  return (
    <>
      <div>
        <h2 ref={heading} tabIndex={-1}>
          {node?.name ?? path}
        </h2>
        <p className="muted">
          {path} {node === undefined ? null : `· ${node.type}`}
        </p>
      </div>
      <FolderLink workspaceId={workspaceId} path={path} />
      <Neighbours
        id="waits-for"
        title={t.waitsFor}
        edges={graph.edges.filter(({ to }) => to === path)}
        pathOf={({ from }) => from}
        onChoose={onChoose}
      />
      <Neighbours
        id="waited-for-by"
        title={t.waitedForBy}
        edges={graph.edges.filter(({ from }) => from === path)}
        pathOf={({ to }) => to}
        onChoose={onChoose}
      />
    </>
  );
};

/** The size of a graph, and its longest chain. */
export const Summary = ({ graph }: { readonly graph: Graph }) => {
  const t = useTexts(graphTexts);
  const format = useFormat();
  return (
    <>
      <p>{t.counts(format.number(graph.nodes.length), format.number(graph.edges.length))}</p>
      <p className="muted">{t.longest(format.number(graph.criticalPath.length))}</p>
    </>
  );
};
