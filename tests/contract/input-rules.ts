import type { PublicContract } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { exampleRequest, pathToNothing, sendAs, withQuery, type Started } from './route-client.ts';

/** Forms that `Number` reads and nobody means, and numbers that no JavaScript number holds. */
const oddNumbers = [
  '1e400',
  '1e1',
  '0x10',
  '0b1',
  '0o7',
  '+1',
  ' 10',
  '10 ',
  '1.0',
  '01',
  '-0',
  'Infinity',
  'NaN',
  '',
  '1_0',
  '١',
];
const tooLarge = '9007199254740993';

const integersOf = (part: PublicContract['query']): readonly string[] =>
  Object.entries(part?.properties ?? {}).flatMap(([name, field]) => ('type' in field && field.type === 'integer' ? [name] : []));

const mediaOf = (type: string) => ({ 'content-type': type });

/** The input that every route of a service refuses, whatever it does. */
export const inputRules = (contracts: readonly PublicContract[], started: () => Started): void => {
  const named = contracts.map((contract) => [contract.name, contract] as const);
  const counting = named.filter(([, { query, params }]) => integersOf(query).length + integersOf(params).length > 0);
  const bodiless = named.filter(([, { method, body }]) => method !== 'GET' && body === undefined);
  const withBody = named.filter(([, { body }]) => body !== undefined);

  test.each(counting)('%s reads the numbers of its address in their one decimal form alone', async (_name, contract) => {
    const { service, caller } = started();
    const { path } = exampleRequest(contract, pathToNothing(contract));
    const paths = [...oddNumbers, tooLarge].flatMap((odd) => [
      ...integersOf(contract.query).map((name) => withQuery(path, name, odd)),
      ...integersOf(contract.params).map((name) => pathWithout(contract, name).replace(`:${name}`, encodeURIComponent(odd))),
    ]);
    for (const odd of paths) {
      const { status } = await sendAs(service, caller, contract, { path: odd });
      expect([odd, status]).toEqual([odd, 400]);
    }
  });

  test.each(bodiless)('%s takes no body, and says so', async (_name, contract) => {
    const { service, caller } = started();
    const request = exampleRequest(contract, pathToNothing(contract));
    for (const body of [{ colour: 'red' }, ['red'], 'red', 1]) {
      const answer = await sendAs(service, caller, contract, { ...request, body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
  });

  test.each(withBody)('%s takes a body in UTF-8 alone, and in no coding', async (_name, contract) => {
    const { service, caller } = started();
    const request = exampleRequest(contract, pathToNothing(contract));
    const latin1 = new Uint8Array(Buffer.from('{"caf\u00e9":1}', 'latin1'));
    const asJson = await sendAs(service, caller, contract, { ...request, bytes: latin1 });
    expect([asJson.status, (asJson.body as { detail: string }).detail]).toEqual([
      400,
      'The body is not UTF-8: see the byte at offset 5.',
    ]);
    for (const charset of ['iso-8859-1', 'utf-16', '"windows-1252"']) {
      const headers = { ...request.headers, ...mediaOf(`application/json; charset=${charset}`) };
      expect((await sendAs(service, caller, contract, { ...request, headers })).status).toBe(415);
    }
    const headers = { ...request.headers, 'content-encoding': 'gzip' };
    expect((await sendAs(service, caller, contract, { ...request, headers })).status).toBe(415);
  });
};

/** The path to nothing, but for one parameter, which is left as it is. */
const pathWithout = (contract: PublicContract, name: string): string =>
  pathToNothing({ ...contract, path: contract.path.replace(`:${name}`, `~${name}`) as `/${string}` }).replace(
    `~${name}`,
    `:${name}`,
  );
