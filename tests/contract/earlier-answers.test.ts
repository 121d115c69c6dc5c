import type { PublicContract } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { routedTeam } from './callers.ts';
import { createTarget, exampleRequest, sendAs, type RoutedService } from './route-client.ts';

/**
 * A create that is repeated after an upgrade: its answer was stored by a release that did not know every field. Each field is taken
 * out of the stored answer in turn, as if it had come since.
 */

const contracts = routeTable.filter(({ service }) => service === 'team-resources').map(({ contract }) => contract);
const creations = contracts.filter(({ isIdempotentCreate }) => isIdempotentCreate === true);

let fixture: Awaited<ReturnType<typeof startFixture>>;
let service: RoutedService;
beforeAll(async () => {
  fixture = await startFixture();
  service = routedTeam(fixture);
});
afterAll(() => fixture.close());

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
}

/** The paths of all fields of a schema, those in nested objects after the object itself. */
const fieldsOf = ({ properties = {} }: ObjectSchema): readonly (readonly string[])[] =>
  Object.entries(properties).flatMap(([name, schema]) => [[name], ...fieldsOf(schema).map((path) => [name, ...path])]);

const AnswerRow = uncheckedRow({ answer: Type.Unsafe<{ readonly body: Readonly<Record<string, unknown>> }>(Type.Unknown()) });
const storedUnder = async (key: string) =>
  (await fixture.tables.connection.one(sql.type(AnswerRow)`SELECT answer FROM team.idempotency_keys WHERE key = ${key}`)).answer;
const store = async (key: string, answer: unknown): Promise<void> => {
  await fixture.tables.connection.query(sql.unsafe`
    UPDATE team.idempotency_keys SET answer = ${JSON.stringify(answer)}::jsonb WHERE key = ${key}`);
};

/** The value without the field at a path. */
const withoutField = (value: unknown, [name = '', ...rest]: readonly string[]): unknown => {
  const { [name]: field, ...others } = value as Readonly<Record<string, unknown>>;
  return rest.length === 0 ? others : { ...others, [name]: withoutField(field, rest) };
};
const hasField = (value: unknown, [name, ...rest]: readonly string[]): boolean =>
  name === undefined || (typeof value === 'object' && value !== null && name in value && hasField((value as never)[name], rest));

test.each(creations.map((contract): readonly [string, PublicContract] => [contract.name, contract]))(
  '%s answers whole what was stored before a field was added',
  async (name, contract) => {
    const caller = await service.newCaller();
    const { path } = await createTarget(service, caller, contracts, contract);
    const request = exampleRequest(contract, path);
    const key = `upgrade-of-${name}`;
    const keyed = { ...request, headers: { ...request.headers, 'idempotency-key': key } };
    const first = await sendAs(service, caller, contract, keyed);
    expect(first.status).toBe(201);
    const answer = await storedUnder(key);
    const schema = contract.responses[201] as TSchema;
    // Every release has told the id.
    const fields = fieldsOf(schema as ObjectSchema).filter((field) => field[0] !== 'id' && hasField(answer.body, field));
    expect(fields.length).toBeGreaterThan(3);
    for (const field of fields) {
      await store(key, { ...answer, body: withoutField(answer.body, field) });
      const repeated = await sendAs(service, caller, contract, keyed);
      expect([field, repeated.status]).toEqual([field, 201]);
      expect([...Compile(schema).Errors(repeated.body)]).toEqual([]);
      expect(withoutField(repeated.body, field)).toEqual(withoutField(first.body, field));
    }
  },
);
