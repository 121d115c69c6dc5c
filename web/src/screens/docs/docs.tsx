import { useQuery } from '@tanstack/react-query';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import './docs.css';
import { readDocument, type ApiDocument, type ApiOperation } from './document.ts';
import { OperationList } from './operation-list.tsx';
import { OperationView } from './operation-view.tsx';
import { Prose } from './prose.tsx';
import { docsTexts } from './texts.ts';
import { TryIt } from './try-it.tsx';

interface OperationPageParts {
  readonly operation: ApiOperation;
  readonly document: ApiDocument;
}

const OperationPage = ({ operation, document }: OperationPageParts) => {
  const t = useTexts(docsTexts);
  const [sought] = useSearch('q');
  const { operationId, method, path, summary, description } = operation;
  const back = sought === '' ? '/docs' : `/docs?${new URLSearchParams({ q: sought }).toString()}`;
  return (
    <Page title={operationId} trail={<Link to={back}>{t.back}</Link>} lead={<Prose text={summary} />}>
      <p className="operation-line">
        <code className={`method ${method.toLowerCase()}`}>{method}</code> <code>{path}</code>
      </p>
      {description === undefined ? null : (
        <p className="prose">
          <Prose text={description} />
        </p>
      )}
      <TryIt key={operationId} operation={operation} />
      <OperationView operation={operation} schemas={document.schemas} />
    </Page>
  );
};

/** The API, from its OpenAPI document: what each operation takes and answers, and a form that tries it. */
export const Screen = () => {
  const t = useTexts(docsTexts);
  const [chosen] = useSearch('operation');
  const read = useQuery({ queryKey: ['openapi'], queryFn: readDocument, staleTime: Infinity });
  const operation = read.data?.operations.find(({ operationId }) => operationId === chosen);
  if (read.data !== undefined && operation !== undefined) return <OperationPage operation={operation} document={read.data} />;
  return (
    <Page title={t.title} lead={t.lead} actions={<a href="/openapi.json">{t.document}</a>}>
      <Shown read={read}>{(document) => <OperationList document={document} />}</Shown>
    </Page>
  );
};
