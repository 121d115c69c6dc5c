import { errorCodes } from '@guildhall/errors';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import * as contracts from '../src/index.ts';
import {
  exampleAnswerOf,
  exampleBodyOf,
  exampleParamsOf,
  patternMessages,
  type PublicContract,
  type RouteContract,
} from '../src/index.ts';

const isContract = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'path' in value && 'method' in value;

/** Every contract that the package exports, in whatever group. */
const all = Object.values(contracts)
  .filter((group): group is typeof group & object => typeof group === 'object')
  .flatMap((group) => Object.values(group).filter(isContract));
const each = all.map((contract) => [`${contract.method} ${contract.path}`, contract] as const);

/** Paths of objects that take fields which they do not name, and of texts and lists without a bound. */
const unboundedFields = (schema: TSchema, path: string): string[] => {
  const { type, properties, items, additionalProperties } = schema as Record<string, unknown>;
  const inside = Object.entries((properties ?? {}) as Record<string, TSchema>).flatMap(([name, field]) =>
    unboundedFields(field, `${path}/${name}`),
  );
  if (type === 'object') return additionalProperties === false ? inside : [`${path} is open`, ...inside];
  if (type === 'array')
    return [...('maxItems' in schema ? [] : [`${path} has no maxItems`]), ...unboundedFields(items as TSchema, `${path}/0`)];
  const isBounded = ['maxLength', 'pattern', 'format', 'enum', 'const'].some((word) => word in schema);
  return type === 'string' && !isBounded ? [`${path} has no bound`] : inside;
};

/** The patterns anywhere in a schema. */
const patternsIn = (schema: unknown): string[] =>
  typeof schema !== 'object' || schema === null
    ? []
    : Object.entries(schema).flatMap(([key, value]) =>
        key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value),
      );

/** Documents of another program: bounded as text by who reads it (bytes, depth, jobs), not field by field. */
const openOnPurpose: readonly string[] = [
  'createControlMFolder: body/definition is open',
  'updateControlMFolder: body/definition is open',
  // Browsers say there what nobody has asked for.
  'createPasskey: body/credential/clientExtensionResults is open',
  'createPasskeyAtLogIn: body/credential/clientExtensionResults is open',
  'signInWithPasskey: body/credential/clientExtensionResults is open',
];

describe('the route contracts', () => {
  it('are there', () => {
    expect(all.length).toBeGreaterThan(30);
  });

  it('have names and addresses of their own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(each.map(([address]) => address.replaceAll(/:\w+/g, ':'))).size).toBe(all.length);
  });

  it('have words for everything that a pattern allows, and use every pattern that has them', () => {
    const used = new Set(all.flatMap(({ params, query, body, responses }) => patternsIn([params, query, body, responses])));
    expect([...used].toSorted()).toEqual([...patternMessages.keys()].toSorted());
    for (const message of patternMessages.values()) expect(message).toMatch(/^must (be|not) [^\\^$]+$/);
  });
});

describe.each(each)('%s', (_address, contract) => {
  it('names in its schema exactly the parameters of its path', () => {
    const inPath = [...contract.path.matchAll(/:(\w+)|\*$/g)].map(([, name = '*']) => name);
    expect(Object.keys(contract.params?.properties ?? {}).toSorted()).toEqual(inPath.toSorted());
  });

  it('takes only fields that it names, each with a bound', () => {
    const parts = { params: contract.params, query: contract.query, body: contract.body };
    const loose = Object.entries(parts).flatMap(([part, schema]) => (schema === undefined ? [] : unboundedFields(schema, part)));
    expect(loose.map((path) => `${contract.name}: ${path}`)).toEqual(
      openOnPurpose.filter((path) => path.startsWith(`${contract.name}:`)),
    );
  });

  it('answers 2xx with a body, or 204 without, and lists codes that exist, once', () => {
    const answers = Object.entries(contract.responses).map(([status, body]) => [Number(status), body === null] as const);
    expect(answers.filter(([status, isEmpty]) => status < 200 || status > 299 || (status === 204) !== isEmpty)).toEqual([]);
    const errors = contract.errors ?? [];
    expect(errors.filter((code) => !errorCodes.includes(code))).toEqual([]);
    expect(new Set(errors).size).toBe(errors.length);
  });
});

const isPublic = (contract: RouteContract): contract is PublicContract => contract.path.startsWith('/v1/');
const publicOnes = all.filter(isPublic).map((contract) => [contract.name, contract] as const);

/** Returns the fault of an example; undefined if it is valid. */
const faultsOf = (schema: TSchema, example: unknown): unknown => {
  const errors = [...Compile(schema).Errors(example)];
  return errors.length === 0 ? undefined : errors;
};

describe.each(publicOnes)('%s', (_name, contract) => {
  it('says what the audit trail calls it, and what it is done to', () => {
    expect(contract.action).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
    const { subject } = contract;
    const parameters = { ...contract.params?.properties, ...contract.query?.properties };
    const parameter = 'parameter' in subject ? subject.parameter : null;
    expect(parameter === null || parameter in parameters).toBe(true);
    // A parameter of the query is optional: where it is absent the id is fixed.
    const isInPath = parameter !== null && parameter in (contract.params?.properties ?? {});
    expect(isInPath || typeof subject.id === 'string').toBe(true);
  });

  it('has an example of its body, of each of its answers and of the parameters of its path, and each is valid', () => {
    const answers = Object.values(contract.responses).filter((answer) => answer !== null);
    const pairs = [
      [contract.body, exampleBodyOf(contract)],
      [answers[0], exampleAnswerOf(contract)],
      ...answers.map((answer) => [answer, exampleAnswerOf(contract, answer)] as const),
      [contract.params, contract.params === undefined ? undefined : exampleParamsOf(contract)],
    ] as const;
    const faults = pairs.map(([schema, example]) => (schema === undefined ? example : faultsOf(schema, example)));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });
});

/**
 * The operations that change memberships: those on members, on invites and on communities themselves, but looking at an invite and
 * mailing it; and a change of an own role, whose holders change with it.
 */
const changesWhoBelongs = ({ action, method }: PublicContract): boolean =>
  method !== 'GET' &&
  !action.endsWith('.read') &&
  action !== 'invite.send' &&
  (/^(member|invite)\./.test(action) || action === 'own-role.update' || /^community\.(create|delete|restore)$/.test(action));

const namesOf = (group: readonly PublicContract[]): readonly string[] => group.map(({ name }) => name).toSorted();

it('every route that changes who belongs to a community says so, and no other does', () => {
  const known = publicOnes.map(([, contract]) => contract);
  expect(namesOf(known.filter(({ changesMemberships }) => changesMemberships === true))).toEqual(
    namesOf(known.filter(changesWhoBelongs)),
  );
  expect(known.filter(changesWhoBelongs).length).toBeGreaterThan(5);
});
