import type { ScriptSummary } from '@guildhall/contracts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import './script-tree.css';
import { workspaceTexts } from './texts.ts';
import { treeOf, type TreeFolder } from './tree.ts';

interface FolderParts {
  readonly workspaceId: string;
  readonly folder: TreeFolder<ScriptSummary>;
}

/** A script as a row: its name as the folder around it leaves it. */
const ScriptRow = ({
  workspaceId,
  script,
  shown,
}: {
  readonly workspaceId: string;
  readonly script: ScriptSummary;
  readonly shown: string;
}) => {
  const t = useTexts(workspaceTexts);
  const format = useFormat();
  const { id, name, language, tags, version, updatedAt } = script;
  return (
    <li className="row">
      <Icon name="script" />
      <Link className="row-title" title={name} to={workspaceAddress(workspaceId, `scripts/${id}`)}>
        {shown}
      </Link>
      <span className="badge">{language}</span>
      {tags.map((tag) => (
        <Link
          key={tag}
          className="badge info"
          aria-label={t.withTag(tag)}
          to={`${workspaceAddress(workspaceId)}?tag=${encodeURIComponent(tag)}`}
        >
          {tag}
        </Link>
      ))}
      <span className="row-note" title={format.exact(updatedAt)}>
        {t.version(version)} · {format.ago(updatedAt)}
      </span>
    </li>
  );
};

const Inside = ({ workspaceId, folder: { path, folders, items } }: FolderParts) => (
  <>
    {folders.map((folder) => (
      <li key={`folder ${folder.path}`} className="tree-folder">
        <details open>
          <summary className="row">
            <Icon name="chevron" />
            <Icon name="workspace" />
            <span className="row-title">{folder.name}</span>
          </summary>
          <ul>
            <Inside workspaceId={workspaceId} folder={folder} />
          </ul>
        </details>
      </li>
    ))}
    {items.map((script) => (
      <ScriptRow
        key={script.id}
        workspaceId={workspaceId}
        script={script}
        shown={path !== '' && script.name.startsWith(`${path}/`) ? script.name.slice(path.length + 1) : script.name}
      />
    ))}
  </>
);

/** The scripts of a workspace, in the folders that their names make. */
export const ScriptTree = ({
  workspaceId,
  items,
}: {
  readonly workspaceId: string;
  readonly items: readonly ScriptSummary[];
}) => (
  <ul className="rows">
    <Inside workspaceId={workspaceId} folder={treeOf(items)} />
  </ul>
);
