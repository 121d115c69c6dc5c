import { patternMessages, type Problem, type PublicContract } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { exampleRequest, pathToNothing, sendAs, type RouteAnswer, type RouteRequest, type Started } from './route-client.ts';

const detail = 'The body does not fit this operation.';

/** The fields of a query that take one of several values, with these. */
const choicesOf = ({ query }: PublicContract): readonly (readonly [name: string, values: readonly unknown[]])[] =>
  Object.entries(query?.properties ?? {}).flatMap(([name, field]) =>
    'enum' in field ? [[name, field.enum as readonly unknown[]] as const] : [],
  );

/** The fields of a body that are texts of a pattern, with it. */
const patternsOf = ({ body }: PublicContract): readonly (readonly [name: string, pattern: string])[] =>
  Object.entries(body?.properties ?? {}).flatMap(([name, field]) =>
    'pattern' in field ? [[name, String(field.pattern)] as const] : [],
  );

/** The request with another value for one field of its query. */
const withQuery = (request: RouteRequest, name: string, value: string): RouteRequest => {
  const [path = '', query = ''] = request.path.split('?');
  const others = query.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${name}=`));
  return { ...request, path: `${path}?${[...others, `${name}=${value}`].join('&')}` };
};

const requestOf = (contract: PublicContract): RouteRequest => exampleRequest(contract, pathToNothing(contract));

/** The contract suite of how every route tells what is wrong with a request: all faults at once, by field, with the allowed values. */
export const everyFault = (contracts: readonly PublicContract[], started: () => Started): void => {
  const named = contracts.map((contract) => [contract.name, contract] as const);
  const choosing = named.filter(([, contract]) => choicesOf(contract).length > 0);
  const patterned = named.filter(([, contract]) => patternsOf(contract).length > 0);
  const bodied = named.filter(([, { method }]) => method !== 'GET');
  const ask = (contract: PublicContract, request: RouteRequest): Promise<RouteAnswer> => {
    const { service, caller } = started();
    return sendAs(service, caller, contract, request);
  };

  test.each(bodied)('%s tells all faults of a body at once', async (_name, contract) => {
    const { status, body } = await ask(contract, { ...requestOf(contract), body: { colour: 'red', 'a/b~c': 1 } });
    const problem = body as Problem;
    expect({ status, code: problem.code, detail: problem.detail }).toEqual({ status: 400, code: 'INVALID', detail });
    const missing = (contract.body?.required ?? []).map((name) => `/${name}`);
    expect(problem.errors?.map(({ path }) => path).toSorted()).toEqual(['/colour', '/a~1b~0c', ...missing].toSorted());
  });

  test.each(choosing)('%s names the values that it takes', async (_name, contract) => {
    for (const [name, values] of choicesOf(contract)) {
      const { body } = await ask(contract, withQuery(requestOf(contract), name, 'nothing'));
      const message = `must be one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
      expect((body as Problem).errors).toEqual([{ path: `/${name}`, message }]);
    }
  });

  test.each(patterned)('%s tells in words what a text may hold', async (_name, contract) => {
    for (const [name, pattern] of patternsOf(contract)) {
      const request = requestOf(contract);
      const { body } = await ask(contract, { ...request, body: { ...(request.body as object), [name]: '\0' } });
      expect((body as Problem).errors).toEqual([{ path: `/${name}`, message: patternMessages.get(pattern) }]);
    }
  });

  test.each(named)('%s takes a query in UTF-8 only', async (_name, contract) => {
    const { status, body } = await ask(contract, withQuery(requestOf(contract), 'colour', '%E9'));
    expect([status, (body as Problem).detail]).toEqual([400, 'The URL is not validly encoded.']);
  });
};
