import { call } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import '../../control-m/control-m.css';
import { useTexts } from '../../i18n/texts.ts';
import { useSearch } from '../../router/router.ts';
import { SearchInput } from '../../ui/search-field.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { Frame, OfWorkspace } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { JobTable } from './job-table.tsx';
import { jobsTexts } from './texts.ts';

const properties = ['type', 'host', 'runAs', 'application', 'event', 'calendar', 'variable', 'script'] as const;

const Filters = () => {
  const t = useTexts(jobsTexts);
  const [sought, setSought] = useSearch('q');
  const [by, setBy] = useSearch('by');
  const [value, setValue] = useSearch('value');
  return (
    <div className="filters">
      <SearchInput label={t.search} value={sought} onSeek={setSought} />
      <select aria-label={t.by} value={by} onChange={(event) => setBy(event.target.value)}>
        <option value="">{t.anyProperty}</option>
        {properties.map((property) => (
          <option key={property} value={property}>
            {t.properties[property]}
          </option>
        ))}
      </select>
      {by === '' ? null : <SearchInput label={t.value} value={value} onSeek={setValue} />}
    </div>
  );
};

const Jobs = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(jobsTexts);
  const [[sought], [by], [value]] = [useSearch('q'), useSearch('by'), useSearch('value')];
  const property = properties.find((one) => one === by);
  const query = {
    ...(sought === '' ? {} : { q: sought }),
    ...(property === undefined || value === '' ? {} : { [property]: value }),
  };
  const pages = usePages(['listControlMJobs', workspaceId, query], (cursor) =>
    call('listControlMJobs', {
      params: { workspaceId },
      query: { limit: 100, ...query, ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
  const nothing = (
    <Empty title={t.none}>
      <p>{t.noneText}</p>
    </Empty>
  );
  return (
    <PagedList pages={pages} empty={Object.keys(query).length > 0 ? <p className="muted">{t.nothingFound}</p> : nothing}>
      {(jobs) => <JobTable jobs={jobs} workspaceId={workspaceId} />}
    </PagedList>
  );
};

/** The jobs of a workspace, found by what they are and do. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(jobsTexts);
  const { workspaceId = '' } = params;
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {(workspace) => (
        <Frame workspace={workspace} width="full">
          <section aria-labelledby="jobs">
            <h2 id="jobs">{t.title}</h2>
            <Filters />
            <Jobs workspaceId={workspaceId} />
          </section>
        </Frame>
      )}
    </OfWorkspace>
  );
};
