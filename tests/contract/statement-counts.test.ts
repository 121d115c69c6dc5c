import { randomUUID } from 'node:crypto';
import { exampleBodyOf, type PublicContract } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { countStatements } from '@guildhall/testkit';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { newMember, routedTeam } from './callers.ts';
import { createTarget, exampleRequest, sendAs, versionAt, withQuery, type Caller, type RoutedService } from './route-client.ts';

/**
 * Every list of team-resources sends as many statements for many items as for few. A list joins by its line in the route table; it
 * is filled by the operation that creates its items, or as `otherFillings` says.
 */

const contracts = routeTable.filter(({ service }) => service === 'team-resources').map(({ contract }) => contract);
const contractOf = (name: string): PublicContract => {
  const contract = contracts.find((each) => each.name === name);
  if (contract === undefined) throw new Error(`There is no operation ${name}.`);
  return contract;
};
const lists = contracts.filter(({ query }) => query !== undefined && 'cursor' in query.properties);

let fixture: Awaited<ReturnType<typeof startFixture>>;
let service: RoutedService;
beforeAll(async () => {
  fixture = await startFixture();
  service = routedTeam(fixture);
});
afterAll(() => fixture.close());

/** A list in a place of its own, whose owner reads it. */
interface FilledList {
  readonly caller: Caller;
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The example body of an operation with a number in its first text that may be any: names are unique in places. */
const numberedBody = (contract: PublicContract, number: number): unknown => {
  const body = exampleBodyOf(contract);
  const check = Compile(contract.body ?? {});
  const numbered = Object.entries(body ?? {})
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => ({ ...(body as object), [name]: `${String(value)}${number}` }));
  return numbered.find((other) => check.Check(other)) ?? body;
};

const succeed = async (
  caller: Caller,
  contract: PublicContract,
  path: string,
  body: unknown,
  version?: string,
): Promise<void> => {
  const { status, body: answer } = await sendAs(service, caller, contract, { ...exampleRequest(contract, path, version), body });
  if (status >= 300) throw new Error(`${contract.name} answered ${status}: ${JSON.stringify(answer)}`);
};

/** Adds one item, the one with this number. */
type Filling = (list: FilledList, number: number) => Promise<void>;

const join = ({ parameters }: FilledList): Promise<Caller> =>
  newMember(fixture.tables, parameters.get('communityId') ?? '', 'member');

/** Runs an operation on something that is created for it in the list's community. */
const performAnew = async ({ caller, parameters }: FilledList, name: string, number: number): Promise<void> => {
  const contract = contractOf(name);
  const known = new Map([...parameters].filter(([parameter]) => parameter === 'communityId'));
  const { path } = await createTarget(service, caller, contracts, contract, known);
  await succeed(caller, contract, path, numberedBody(contract, number));
};

/** Adds a folder with one job, which runs a script. */
const addJob: Filling = async ({ caller, path }, number) => {
  const definition = {
    Type: 'Folder',
    Run: { Type: 'Job:Script', FileName: `run-${number}.sh`, FilePath: '/opt', RunAs: 'batch' },
  };
  const folders = path.replace(/\/\w+$/, '/folders');
  await succeed(caller, contractOf('createControlMFolder'), folders, { name: `F${number}`, definition });
};

/** Imports a document with one job, under the name of this number. */
const importDocument = async ({ caller, path }: FilledList, name: string, number: number): Promise<void> => {
  const contract = contractOf('importControlM');
  const at = path.replace(/\/documents.*$/, '/import');
  const text = `{"Run${number}": {"Type": "Job:Dummy"}}`;
  await succeed(caller, contract, at, { documents: [{ name, text }] });
};

/** The lists whose items are made by another operation than that at their own path. */
const otherFillings: Readonly<Record<string, Filling>> = {
  listMembers: async (list) => void (await join(list)),
  listTrustScores: async (list) => void (await join(list)),
  listControlMJobs: addJob,
  listControlMLinks: addJob,
  listControlMDocuments: (list, number) => importDocument(list, `${number}.json`, number),
  async listControlMDocumentVersions(list, number) {
    const at = list.path.replace(/\/versions$/, '');
    const { body } = await sendAs(service, list.caller, contractOf('getControlMDocument'), { path: at });
    await importDocument(list, (body as { readonly name: string }).name, number);
  },
  listDisputes: (list, number) => performAnew(list, 'openDispute', number),
  listInbox: (list, number) => performAnew(list, 'createPoll', number),
  // Every caller has the address of this invite; it is into a community that is not theirs.
  async listMyInvites() {
    const inviter = await service.newCaller();
    const contract = contractOf('createInvite');
    const { path } = await createTarget(service, inviter, contracts, contract);
    await succeed(inviter, contract, path, { role: 'member', email: 'ada@example.org' });
  },
  async listScriptVersions({ caller, path }, number) {
    const contract = contractOf('updateScript');
    const at = path.replace(/\/versions$/, '');
    await succeed(caller, contract, at, { content: `echo ${number}` }, await versionAt(service, caller, contracts, contract, at));
  },
  async listControlMFolderVersions({ caller, path }, number) {
    const contract = contractOf('updateControlMFolder');
    const at = path.replace(/\/versions$/, '');
    const version = await versionAt(service, caller, contracts, contract, at);
    await succeed(caller, contract, at, { definition: { Type: 'Folder', Description: `${number}` } }, version);
  },
  async listActivity({ caller, parameters }) {
    await fixture.tables.connection.query(sql.unsafe`
      INSERT INTO team.activities (id, community_id, user_id, action, resource_type, resource_id, is_shown, is_contribution, occurred_at)
      VALUES (${randomUUID()}::uuid, ${parameters.get('communityId') ?? ''}::uuid, ${caller.userId}, 'community.update', 'community', 'x', true, true, now())`);
  },
};

/** Adds an item by the operation at the path of its list, or at a path below it that names a member. */
const fillByCreation =
  (list: PublicContract): Filling =>
  async ({ caller, path, ...rest }, number) => {
    const creation = contracts.find((each) => each.method === 'POST' && each.path === list.path);
    if (creation !== undefined) {
      await succeed(caller, creation, path, numberedBody(creation, number));
      return;
    }
    const ofMember = contracts.find((each) => each.method === 'PUT' && each.path === `${list.path}/:userId`);
    if (ofMember === undefined) throw new Error(`${list.name}: say in otherFillings how this list is filled.`);
    const { userId } = await join({ caller, path, ...rest });
    await succeed(caller, ofMember, `${path}/${userId}`, exampleBodyOf(ofMember));
  };

/** The number of items of a list, and the statements that reading it leads to. */
const read = async ({ caller, path }: FilledList, contract: PublicContract) => {
  const request = { path: withQuery(exampleRequest(contract, path).path, 'limit', '100') };
  const { result, statements } = await countStatements(() => sendAs(service, caller, contract, request));
  expect(result.status).toBe(200);
  return { items: (result.body as { readonly items: readonly unknown[] }).items.length, statements };
};

test.each(lists.map((contract) => [contract.name, contract] as const))(
  '%s sends as many statements for many items as for few',
  async (name, contract) => {
    const caller = await service.newCaller();
    const community = await createTarget(service, caller, contracts, contractOf('listMembers'));
    const { path, parameters } = await createTarget(service, caller, contracts, contract, community.parameters);
    const list = { caller, path, parameters };
    const add = otherFillings[name] ?? fillByCreation(contract);
    await add(list, 1);
    const few = await read(list, contract);
    for (const number of [2, 3, 4, 5, 6, 7]) await add(list, number);
    const many = await read(list, contract);
    expect(many.items).toBe(few.items + 6);
    expect(many.statements).toEqual(few.statements);
    expect(few.statements.length).toBeGreaterThan(0);
  },
);
