import { newId } from '../../api/ids.ts';
import { localToken } from '../../api/local-token.ts';
import { quoted } from '../../api/quoted.ts';
import { currentToken } from '../../api/session.ts';
import { mediaOf, type ApiOperation } from './document.ts';

/** The credentials that were typed in, beside those of the console. */
export interface Credentials {
  readonly accessToken: string;
  readonly setupToken: string;
  readonly localToken: string;
}

const keptName = 'guildhall.docs';
const none: Credentials = { accessToken: '', setupToken: '', localToken: '' };

/** The credentials of this tab, which live through a reload. */
export const keptCredentials = (): Credentials => {
  try {
    return { ...none, ...(JSON.parse(sessionStorage.getItem(keptName) ?? '{}') as Partial<Credentials>) };
  } catch {
    return none;
  }
};

export const keepCredentials = (credentials: Credentials): void => {
  try {
    sessionStorage.setItem(keptName, JSON.stringify(credentials));
  } catch {
    // Storage is off: they hold until the page is left.
  }
};

/** A request as the form has it. Values of parameters are by place and name, as in `query limit`. */
export interface Trial {
  readonly values: Readonly<Record<string, string>>;
  readonly body: string;
}

export const idempotencyKey = 'Idempotency-Key';

const valuesIn = ({ parameters = [] }: ApiOperation, place: string, { values }: Trial): readonly (readonly [string, string])[] =>
  parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name }) => [name, values[`${place} ${name}`] ?? ''] as const)
    .filter(([, value]) => value !== '');

/** The address of a request, without the origin. */
const addressOf = (operation: ApiOperation, trial: Trial): string => {
  const inPath = new Map(valuesIn(operation, 'path', trial));
  const path = operation.path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = inPath.get(name);
    return value === undefined ? whole : encodeURIComponent(value);
  });
  const query = new URLSearchParams(valuesIn(operation, 'query', trial).map(([name, value]) => [name, value])).toString();
  return query === '' ? path : `${path}?${query}`;
};

/** The headers of a request but for its credentials. A key of idempotency is a fresh one each time. */
const headersOf = (operation: ApiOperation, trial: Trial): Readonly<Record<string, string>> => {
  const takesKey = operation.parameters?.some(({ name }) => name === idempotencyKey) === true;
  const type = mediaOf(operation.requestBody?.content)?.type;
  return {
    ...Object.fromEntries(valuesIn(operation, 'header', trial)),
    ...(takesKey ? { [idempotencyKey]: newId() } : {}),
    ...(type === undefined || trial.body === '' ? {} : { 'content-type': type }),
  };
};

const credentialHeaders = async (given: Credentials): Promise<Readonly<Record<string, string>>> => {
  const token = given.accessToken === '' ? await currentToken() : given.accessToken;
  const local = given.localToken === '' ? localToken.get() : given.localToken;
  return {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(given.setupToken === '' ? {} : { 'x-guildhall-setup-token': given.setupToken }),
    ...(local === null ? {} : { 'x-guildhall-local-token': local }),
  };
};

export interface TrialAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly isCut: boolean;
}

const charactersMax = 100_000;

const textOf = (text: string, type: string): string => {
  if (!type.includes('json') || text === '') return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

/** Sends the request and answers what came back, refusals too. */
export const sendTrial = async (operation: ApiOperation, trial: Trial, credentials: Credentials): Promise<TrialAnswer> => {
  const answer = await fetch(addressOf(operation, trial), {
    method: operation.method,
    headers: { ...headersOf(operation, trial), ...(await credentialHeaders(credentials)) },
    body: trial.body === '' ? null : trial.body,
  });
  const text = textOf(await answer.text(), answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: [...answer.headers],
    text: text.slice(0, charactersMax),
    isCut: text.length > charactersMax,
  };
};

/** The request as a command of a shell, whose tokens are variables. */
export const curlOf = (operation: ApiOperation, trial: Trial, credentials: readonly string[]): string => {
  const headers = Object.entries(headersOf(operation, trial)).map(([name, value]) =>
    name === idempotencyKey ? `-H "idempotency-key: $(uuidgen)"` : `-H ${quoted(`${name.toLowerCase()}: ${value}`)}`,
  );
  return [
    `curl -X ${operation.method} ${quoted(location.origin + addressOf(operation, trial))}`,
    ...(credentials.includes('accessToken') ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(credentials.includes('setupToken') ? ['-H "x-guildhall-setup-token: $SETUP_TOKEN"'] : []),
    ...headers,
    ...(trial.body === '' ? [] : [`--data-raw ${quoted(trial.body)}`]),
  ].join(' ');
};
