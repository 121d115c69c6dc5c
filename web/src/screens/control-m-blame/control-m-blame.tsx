import { useQuery } from '@tanstack/react-query';
import type { Workspace } from '@guildhall/contracts';
import type { JobBlame, SavedVersion, SetProperty } from '../../control-m/job-blame.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CommunityBlame } from '../../kit/blame-link.tsx';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { readJobBlame, versionsMax } from './read-blame.ts';
import { jobBlameTexts } from './texts.ts';

interface SetterParts {
  readonly workspace: Workspace;
  readonly folderId: string;
  readonly saved: SavedVersion;
  readonly property: string;
}

/** Behind the version itself, and before what was saved next. */
const justAfter = (iso: string): string => new Date(new Date(iso).getTime() + 1).toISOString();

/** Who saved a version, and where the trail proves it. */
const Setter = ({ workspace, folderId, saved, property }: SetterParts) => {
  const t = useTexts(jobBlameTexts);
  const format = useFormat();
  const { version, createdByName, createdAt, note } = saved;
  const history = workspaceAddress(workspace.id, `control-m/folders/${folderId}/history?from=${version - 1}&to=${version}`);
  return (
    <td>
      {createdByName === '' ? t.you : createdByName}, <span title={format.exact(createdAt)}>{format.ago(createdAt)}</span>
      {' · '}
      {version === 1 ? t.version(version) : <Link to={history}>{t.version(version)}</Link>}{' '}
      {workspace.communityId === null ? null : (
        <CommunityBlame
          communityId={workspace.communityId}
          type="control-m-folder"
          id={folderId}
          path="/definition"
          to={justAfter(createdAt)}
          name={t.toProof(property)}
        />
      )}
      {note === '' ? null : <p className="muted">{note}</p>}
    </td>
  );
};

const Row = ({ workspace, folderId, set }: Pick<SetterParts, 'workspace' | 'folderId'> & { readonly set: SetProperty }) => {
  const t = useTexts(jobBlameTexts);
  const { property, from, to, by } = set;
  return (
    <tr>
      <th scope="row">
        <code>{property}</code>
      </th>
      <td>{to === null ? <span className="muted">{t.gone}</span> : <code>{to}</code>}</td>
      <td>{from === null ? '–' : <code>{from}</code>}</td>
      <Setter workspace={workspace} folderId={folderId} saved={by} property={property} />
    </tr>
  );
};

interface BlameParts extends Pick<SetterParts, 'workspace' | 'folderId'> {
  readonly path: string;
}

/** The row of everything that came with the first known version, and has not been changed since. */
const OriginRow = ({ origin, ...parts }: Pick<SetterParts, 'workspace' | 'folderId'> & { readonly origin: SavedVersion }) => {
  const t = useTexts(jobBlameTexts);
  return (
    <tr>
      <th scope="row">{t.rest}</th>
      <td />
      <td />
      <Setter {...parts} saved={origin} property={t.rest} />
    </tr>
  );
};

const BlameTable = ({ path, blame: { properties, origin }, ...parts }: BlameParts & { readonly blame: JobBlame }) => {
  const t = useTexts(jobBlameTexts);
  return (
    <>
      <div className="table-frame" role="region" aria-label={t.title(path)} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[t.property, t.now, t.before, t.by].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {properties.map((set) => (
              <Row key={set.property} {...parts} set={set} />
            ))}
            {origin === null ? null : <OriginRow {...parts} origin={origin} />}
          </tbody>
        </table>
      </div>
      {origin === null ? <p className="muted">{t.notFound(versionsMax)}</p> : null}
    </>
  );
};

const Blame = (parts: BlameParts) => {
  const { workspace, folderId, path } = parts;
  const read = useQuery({
    queryKey: ['job-blame', workspace.id, folderId, path],
    queryFn: () => readJobBlame({ workspaceId: workspace.id, folderId, path }),
  });
  return <Shown read={read}>{(blame) => <BlameTable {...parts} blame={blame} />}</Shown>;
};

/** Says of each property of a job who set it last, when, and from what. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(jobBlameTexts);
  const { workspaceId = '', folderId = '' } = params;
  const [path] = useSearch('job');
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {(workspace) => (
        <Page
          title={t.title(path)}
          lead={t.lead}
          trail={<Link to={workspaceAddress(workspaceId, 'control-m/jobs')}>{workspace.name}</Link>}
        >
          <Blame workspace={workspace} folderId={folderId} path={path} />
        </Page>
      )}
    </OfWorkspace>
  );
};
