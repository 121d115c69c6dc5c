import { useTexts } from '../../i18n/texts.ts';
import { mediaOf, type ApiDocument, type ApiOperation, type Parameter } from './document.ts';
import { Prose } from './prose.tsx';
import { SchemaFields, TypeText } from './schema-view.tsx';
import { docsTexts } from './texts.ts';

type Schemas = ApiDocument['schemas'];

const ParameterRow = ({ parameter, schemas }: { readonly parameter: Parameter; readonly schemas: Schemas }) => {
  const t = useTexts(docsTexts);
  const places = { path: t.inPath, query: t.inQuery, header: t.inHeader };
  return (
    <li className="schema-field">
      <code className="schema-name">{parameter.name}</code> <TypeText schema={parameter.schema} schemas={schemas} />
      <span className="badge">{places[parameter.in]}</span>
      {parameter.required === true ? <span className="badge">{t.required}</span> : null}
      {parameter.description === undefined ? null : (
        <p className="muted">
          <Prose text={parameter.description} />
        </p>
      )}
    </li>
  );
};

const Example = ({ value }: { readonly value: unknown }) => {
  const t = useTexts(docsTexts);
  if (value === undefined) return null;
  return (
    <details>
      <summary>{t.example}</summary>
      <pre className="value">{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
};

interface OperationParts {
  readonly operation: ApiOperation;
  readonly schemas: Schemas;
}

const Takes = ({ operation: { parameters = [], requestBody }, schemas }: OperationParts) => {
  const t = useTexts(docsTexts);
  const body = mediaOf(requestBody?.content);
  return (
    <>
      {parameters.length === 0 ? null : (
        <section aria-labelledby="takes">
          <h2 id="takes">{t.takes}</h2>
          <ul className="schema">
            {parameters.map((parameter) => (
              <ParameterRow key={`${parameter.in} ${parameter.name}`} parameter={parameter} schemas={schemas} />
            ))}
          </ul>
        </section>
      )}
      {body === null ? null : (
        <section aria-labelledby="body">
          <h2 id="body">
            {t.body} <code>{body.type}</code>
          </h2>
          <SchemaFields schema={body.schema ?? {}} schemas={schemas} />
          <Example value={body.example} />
        </section>
      )}
    </>
  );
};

const Answers = ({ operation: { responses }, schemas }: OperationParts) => {
  const t = useTexts(docsTexts);
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">{t.answers}</h2>
      {Object.entries(responses).map(([status, { description, content }]) => {
        const media = mediaOf(content);
        const isProblem = Number(status) >= 400;
        return (
          <div key={status} className="answer">
            <p>
              <code className={`badge ${isProblem ? 'warn' : 'good'}`}>{status}</code> <Prose text={description} />{' '}
              {media === null ? <span className="muted">{t.noContent}</span> : null}
            </p>
            {media === null || isProblem ? null : (
              <>
                <SchemaFields schema={media.schema ?? {}} schemas={schemas} />
                <Example value={media.example} />
              </>
            )}
          </div>
        );
      })}
    </section>
  );
};

/** The view of an operation: what it takes and answers. */
export const OperationView = (parts: OperationParts) => (
  <>
    <Takes {...parts} />
    <Answers {...parts} />
  </>
);
