import { useState } from 'react';
import { call, type CallOf } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { saveText } from '../../ui/save-text.ts';
import type { Graph } from './drawing.tsx';
import { graphTexts } from './texts.ts';

/** The most that a search lists. */
const foundMax = 8;

/** The parts of the graph that can be shown around the chosen job. */
export const extents = ['', '1', '2', '3', 'upstream', 'downstream'] as const;
export type Extent = (typeof extents)[number];

interface FindParts {
  readonly graph: Graph;
  readonly onChoose: (path: string) => void;
}

/** Finds a job by a part of its path. */
export const Find = ({ graph, onChoose }: FindParts) => {
  const t = useTexts(graphTexts);
  const [sought, setSought] = useState('');
  const text = sought.trim().toLowerCase();
  const found = text === '' ? [] : graph.nodes.filter(({ path }) => path.toLowerCase().includes(text));
  return (
    <div className="find">
      <input
        type="search"
        aria-label={t.find}
        placeholder={t.find}
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      {text === '' ? null : (
        <div role="status" className="muted">
          {t.found(found.length)}
        </div>
      )}
      <ul className="path-list">
        {found.slice(0, foundMax).map(({ path }) => (
          <li key={path}>
            <button
              type="button"
              className="link"
              onClick={() => {
                setSought('');
                onChoose(path);
              }}
            >
              {path}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
};

interface ExtentParts {
  readonly extent: Extent;
  readonly onExtent: (extent: Extent) => void;
}

export const ExtentChoice = ({ extent, onExtent }: ExtentParts) => {
  const t = useTexts(graphTexts);
  const nameOf = (one: Extent): string => {
    if (one === '') return t.whole;
    return one === 'upstream' || one === 'downstream' ? t[one] : t.steps(Number(one));
  };
  return (
    <select aria-label={t.show} value={extent} onChange={(event) => onExtent(event.target.value as Extent)}>
      {extents.map((one) => (
        <option key={one} value={one}>
          {nameOf(one)}
        </option>
      ))}
    </select>
  );
};

interface DownloadParts {
  readonly workspaceId: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Takes along what is shown, as a drawing or as the text of flowcharts. */
export const Downloads = ({ workspaceId, query }: DownloadParts) => {
  const t = useTexts(graphTexts);
  const request = { params: { workspaceId }, query } as CallOf<'drawControlMGraph' & 'getControlMMermaid'>;
  const svg = useDo(
    () => call('drawControlMGraph', request),
    (text) => saveText('graph.svg', text, 'image/svg+xml'),
  );
  const mermaid = useDo(
    () => call('getControlMMermaid', request),
    ({ diagrams }) => saveText('graph.mmd', diagrams.map(({ text }) => text).join('\n'), 'text/plain'),
  );
  return (
    <>
      <div className="buttons">
        <Button isBusy={svg.isPending} onClick={() => svg.mutate(undefined)}>
          {t.downloadSvg}
        </Button>
        <Button isBusy={mermaid.isPending} onClick={() => mermaid.mutate(undefined)}>
          {t.downloadMermaid}
        </Button>
      </div>
      {mermaid.data?.diagrams.some(({ isCut }) => isCut) === true ? <Notice look="warn">{t.isCut}</Notice> : null}
      <Problem error={svg.error ?? mermaid.error} />
    </>
  );
};
