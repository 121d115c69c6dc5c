import type { PublicContract } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { createTarget, exampleRequest, pathToNothing, send, sendAs, versionAt, type Started } from './route-client.ts';

/** The place of a path: which parameters it has, whatever their names. */
const shapeOf = (path: string): string => path.replaceAll(/:\w+/g, ':');

/** The methods in `Allow` at an address: those of every contract at it, and HEAD beside GET. */
const methodsAt = ({ path }: PublicContract, contracts: readonly PublicContract[]): string => {
  const own = contracts.filter((contract) => shapeOf(contract.path) === shapeOf(path)).map(({ method }) => method);
  return [...new Set(own.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].toSorted().join(', ');
};

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'];

const locationOf = (answer: { readonly headers: Headers }): string => answer.headers.get('location') ?? '';

/** The rules of HTTP (RFC 9110) that hold for every route of a service, whatever it does. */
export const httpRules = (contracts: readonly PublicContract[], started: () => Started): void => {
  const named = contracts.map((contract) => [contract.name, contract] as const);
  const created = named.filter(([, { responses }]) => '201' in responses);

  /** One operation of each address: the others there would ask for the same. */
  const addresses = new Map(named.map((each) => [shapeOf(each[1].path), each]));
  test.each([...addresses.values()])(
    '%s: other methods at its address are answered 405 with those that it takes',
    async (_name, contract) => {
      const { service } = started();
      const allowed = methodsAt(contract, contracts);
      const others = everyMethod.filter((method) => !allowed.split(', ').includes(method));
      expect(others.length).toBeGreaterThan(2);
      for (const method of others) {
        const { status, headers } = await send(service.url, { ...contract, method }, { path: pathToNothing(contract) });
        expect([method, status, headers.get('allow')]).toEqual([method, 405, allowed]);
      }
    },
  );

  test.each(created)('%s names what it has created in Location, and it is there', async (_name, contract) => {
    const { service } = started();
    const caller = await service.newCaller();
    const { path } = await createTarget(service, caller, contracts, contract);
    const answer = await sendAs(service, caller, contract, exampleRequest(contract, path));
    const { id, name: ownName } = answer.body as { readonly id?: string; readonly name?: string };
    expect(locationOf(answer).endsWith(`/${id ?? ownName}`)).toBe(true);
    const there = routeTable.filter(({ contract: at }) =>
      new RegExp(`^${at.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(locationOf(answer)),
    );
    expect(there).not.toEqual([]);
    for (const reading of there.map(({ contract: at }) => at).filter(({ method }) => method === 'GET'))
      expect((await sendAs(service, caller, reading, { path: locationOf(answer) })).status).toBe(200);
  });

  conditionalRequests(contracts, started);
};

/** Conditional requests: reads of a version that the client has, changes of the version that it saw. */
const conditionalRequests = (contracts: readonly PublicContract[], started: () => Started): void => {
  const named = contracts.map((contract) => [contract.name, contract] as const);
  const allReads = named.filter(([, { method, answersVersion }]) => method === 'GET' && answersVersion === true);
  const reads = allReads.filter(([, { changesBetweenVersions }]) => changesBetweenVersions !== true);
  const changing = allReads.filter(([, { changesBetweenVersions }]) => changesBetweenVersions === true);
  const versioned = named.filter(([, { isVersioned }]) => isVersioned === true);

  test.each(reads)('%s answers 304 to who has its version already', async (_name, contract) => {
    const { service } = started();
    const caller = await service.newCaller();
    const { path } = await createTarget(service, caller, contracts, contract);
    const tag = await versionAt(service, caller, contracts, contract, path);
    for (const known of [tag, `W/${tag}`, `"0", ${tag}`, '*']) {
      const answer = await sendAs(service, caller, contract, { path, headers: { 'if-none-match': known } });
      expect([known, answer.status, answer.headers.get('etag'), answer.body]).toEqual([known, 304, tag, undefined]);
    }
    for (const coding of ['gzip', 'br']) {
      const compressed = tag.replace(/"$/, `-${coding}"`);
      const answer = await sendAs(service, caller, contract, { path, headers: { 'if-none-match': compressed } });
      expect([answer.status, answer.headers.get('etag')]).toEqual([304, compressed]);
    }
    for (const other of ['"0"', 'W/"999"', 'nonsense'])
      expect((await sendAs(service, caller, contract, { path, headers: { 'if-none-match': other } })).status).toBe(200);
  });

  test.each(changing)('%s answers whole to who has its version: it changes without it', async (_name, contract) => {
    const { service } = started();
    const caller = await service.newCaller();
    const { path } = await createTarget(service, caller, contracts, contract);
    const tag = await versionAt(service, caller, contracts, contract, path);
    const answer = await sendAs(service, caller, contract, { path, headers: { 'if-none-match': tag } });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, tag]);
  });

  test.each(versioned)('%s compares If-Match with what is there', async (_name, contract) => {
    const { service } = started();
    const own = await service.newCaller();
    const { path } = await createTarget(service, own, contracts, contract);
    const tag = await versionAt(service, own, contracts, contract, path);
    const request = exampleRequest(contract, path);
    const statusFor = async (ifMatch: string): Promise<number> =>
      (await sendAs(service, own, contract, { ...request, headers: { 'if-match': ifMatch } })).status;
    for (const stale of ['"999"', 'W/"999"', '"none-of-ours"', '"998", "999"'])
      expect([stale, await statusFor(stale)]).toEqual([stale, 412]);
    for (const malformed of ['1', '"1', '1"']) expect([malformed, await statusFor(malformed)]).toEqual([malformed, 400]);
    expect([200, 204, 409]).toContain(await statusFor(`"999", W/${tag}`));
  });
};
