import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { SearchInput } from '../../ui/search-field.tsx';
import { Empty } from '../../ui/states.tsx';
import type { ApiDocument, ApiOperation } from './document.ts';
import { Prose } from './prose.tsx';
import { docsTexts } from './texts.ts';

const isMeant = ({ operationId, path, summary, method }: ApiOperation, text: string): boolean =>
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${method} ${path} ${operationId} ${summary}`.toLowerCase().includes(word));

const addressOf = (operationId: string, sought: string): string =>
  `/docs?${new URLSearchParams({ operation: operationId, ...(sought === '' ? {} : { q: sought }) }).toString()}`;

interface TagParts {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly ApiOperation[];
  readonly sought: string;
}

const Tag = ({ name, description, operations, sought }: TagParts) => (
  <section aria-labelledby={`tag-${name.replaceAll(' ', '-')}`}>
    <h2 id={`tag-${name.replaceAll(' ', '-')}`}>{name}</h2>
    <p className="muted">{description}</p>
    <ul className="rows">
      {operations.map(({ operationId, method, path, summary }) => (
        <li key={operationId} className="row operation-row">
          <code className={`method ${method.toLowerCase()}`}>{method}</code>
          <Link className="row-title" to={addressOf(operationId, sought)}>
            <code>{path}</code>
          </Link>
          <span className="muted operation-summary">
            <Prose text={summary} />
          </span>
        </li>
      ))}
    </ul>
  </section>
);

/** The operations by their tags, as far as they match what is sought. */
export const OperationList = ({ document: { tags, operations } }: { readonly document: ApiDocument }) => {
  const t = useTexts(docsTexts);
  const [sought, setSought] = useSearch('q');
  const found = operations.filter((operation) => isMeant(operation, sought.trim()));
  return (
    <>
      <SearchInput className="search" label={t.find} value={sought} onSeek={setSought} />
      {found.length === 0 ? <Empty title={t.none} /> : null}
      {tags.map(({ name, description = '' }) => {
        const own = found.filter((operation) => operation.tags.includes(name));
        return own.length === 0 ? null : (
          <Tag key={name} name={name} description={description} operations={own} sought={sought} />
        );
      })}
    </>
  );
};
