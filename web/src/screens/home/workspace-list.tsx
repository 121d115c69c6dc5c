import type { Workspace } from '@guildhall/contracts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { homeTexts } from './texts.ts';

const searchFrom = 8;

interface WorkspaceListParts {
  readonly items: readonly Workspace[];
  readonly sought: string;
  readonly onSeek: (text: string) => void;
}

/** Workspaces as cards, each saying where it lies. */
export const WorkspaceList = ({ items, sought, onSeek }: WorkspaceListParts) => {
  const t = useTexts(homeTexts);
  const format = useFormat();
  const found = items.filter(({ name }) => name.toLowerCase().includes(sought.toLowerCase()));
  return (
    <>
      {items.length < searchFrom && sought === '' ? null : (
        <input
          type="search"
          className="search"
          aria-label={t.search}
          placeholder={t.search}
          value={sought}
          onChange={(event) => onSeek(event.target.value)}
        />
      )}
      {found.length === 0 ? <p className="muted">{t.nothingFound}</p> : null}
      <ul className="cards">
        {found.map(({ id, name, description, mode, updatedAt }) => (
          <li key={id} className="card">
            <Link className="card-title" to={`/app/workspaces/${id}`}>
              {name}
            </Link>
            {description === '' ? null : <p className="card-text">{description}</p>}
            <p className="card-foot">
              <span className={`badge ${mode}`}>{mode === 'solo' ? t.solo : t.shared}</span>
              <span title={format.exact(updatedAt)}>{t.changed(format.ago(updatedAt))}</span>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
};
