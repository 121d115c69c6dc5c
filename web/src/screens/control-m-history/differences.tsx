import type { AnswerOf } from '../../api/call.ts';
import { useTexts } from '../../i18n/texts.ts';
import { folderHistoryTexts } from './texts.ts';

type JobDifferences = AnswerOf<'compareControlMFolderVersionsByJob'>['differences'];

const Paths = ({ title, paths }: { readonly title: string; readonly paths: readonly string[] }) =>
  paths.length === 0 ? null : (
    <div>
      <h4>{title}</h4>
      <ul className="path-list">
        {paths.map((path) => (
          <li key={path}>
            <code>{path}</code>
          </li>
        ))}
      </ul>
    </div>
  );

type PartChange = JobDifferences['changedJobs'][number];

const Changes = ({ changes }: { readonly changes: readonly PartChange[] }) => {
  const t = useTexts(folderHistoryTexts);
  const rows = changes.flatMap(({ path, properties }) => properties.map((property) => ({ path, ...property })));
  if (rows.length === 0) return null;
  return (
    <div className="table-frame" role="region" aria-label={t.changed} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th>{t.path}</th>
            <th>{t.property}</th>
            <th>{t.before}</th>
            <th>{t.after}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, property, from, to }) => (
            <tr key={`${path} ${property}`}>
              <td>{path}</td>
              <td>
                <code>{property}</code>
              </td>
              <td className="removed-value">{from === null ? '–' : <code>{from}</code>}</td>
              <td className="added-value">{to === null ? '–' : <code>{to}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** The differences of two versions of a folder, job by job. */
export const Differences = ({ differences }: { readonly differences: JobDifferences }) => {
  const t = useTexts(folderHistoryTexts);
  const { added, removed, moved, renamed, changedJobs, changedFolders } = differences;
  const changes = [...changedFolders, ...changedJobs];
  const arrows = (pairs: JobDifferences['moved']): readonly string[] => pairs.map(({ from, to }) => `${from} → ${to}`);
  if (added.length + removed.length + moved.length + renamed.length + changes.length === 0)
    return <p className="muted">{t.same}</p>;
  return (
    <div className="stack">
      <Paths title={t.added} paths={added} />
      <Paths title={t.removed} paths={removed} />
      <Paths title={t.moved} paths={arrows(moved)} />
      <Paths title={t.renamed} paths={arrows(renamed)} />
      <Changes changes={changes} />
    </div>
  );
};
