import type { ReactNode } from 'react';
import type { AnswerOf } from '../../api/call.ts';
import { folderAddress, graphAddress, jobBlameAddress } from '../../control-m/addresses.ts';
import { useScriptLinks } from '../../control-m/script-links.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { jobsTexts } from './texts.ts';

type Job = AnswerOf<'listControlMJobs'>['items'][number];

interface RunsParts {
  readonly job: Job;
  readonly workspaceId: string;
  /** The script that it runs; undefined while that is not known. */
  readonly scriptId: string | null | undefined;
}

const Runs = ({ job: { fileName, command }, workspaceId, scriptId }: RunsParts): ReactNode => {
  const t = useTexts(jobsTexts);
  if (fileName === null) return command === null ? null : <code>{command}</code>;
  if (typeof scriptId === 'string') return <Link to={workspaceAddress(workspaceId, `scripts/${scriptId}`)}>{fileName}</Link>;
  return (
    <>
      {fileName} {scriptId === null ? <span className="badge warn">{t.dangling}</span> : null}
    </>
  );
};

const Row = ({ job, workspaceId, scriptId }: RunsParts) => {
  const t = useTexts(jobsTexts);
  const { path, folderId, type, host, runAs, application, waitsFor, adds } = job;
  return (
    <tr>
      <td className="job-path">
        {folderId === null ? path : <Link to={folderAddress(workspaceId, folderId)}>{path}</Link>}
        <Link className="button quiet icon-only" to={graphAddress(workspaceId, path)} aria-label={t.inGraph(path)}>
          <Icon name="link" />
        </Link>
        {folderId === null ? null : (
          <Link
            className="button quiet icon-only"
            to={jobBlameAddress(workspaceId, folderId, path)}
            aria-label={t.whoSet(path)}
            title={t.whoSet(path)}
          >
            <Icon name="clock" />
          </Link>
        )}
      </td>
      <td>{type.replace(/^Job:/, '')}</td>
      <td>
        <Runs job={job} workspaceId={workspaceId} scriptId={scriptId} />
      </td>
      <td>{[runAs, host].filter((part) => part !== null).join('@')}</td>
      <td>{application}</td>
      <td>
        {waitsFor.join(', ')}
        {waitsFor.length + adds.length > 0 ? ' → ' : ''}
        {adds.join(', ')}
      </td>
    </tr>
  );
};

/** Jobs with what takes effect for them, each with the ways to its folder, its script and its place in the graph. */
export const JobTable = ({ jobs, workspaceId }: { readonly jobs: readonly Job[]; readonly workspaceId: string }) => {
  const t = useTexts(jobsTexts);
  const links = useScriptLinks(workspaceId);
  return (
    <div className="table-frame" role="region" aria-label={t.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th>{t.job}</th>
            <th>{t.type}</th>
            <th>{t.runs}</th>
            <th>{t.where}</th>
            <th>{t.properties.application}</th>
            <th>{t.events}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <Row key={job.path} job={job} workspaceId={workspaceId} scriptId={links.data?.get(job.path)} />
          ))}
        </tbody>
      </table>
    </div>
  );
};
