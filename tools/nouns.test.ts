import * as contracts from '@guildhall/contracts';
import type { RouteContract } from '@guildhall/contracts';
import { describe, expect, it } from 'vitest';
import { routeTable } from '../services/gateway/src/route-table.ts';
import { missingFixtures, missingParts, type Noun } from './nouns.ts';
import { filesMatching } from './source/repository.ts';

const isContract = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'path' in value && 'responses' in value;

const serviceOf = ({ name }: RouteContract): string =>
  routeTable.find(({ contract }) => contract.name === name)?.service ?? 'gateway';

/** One noun for each group of public contracts and each service that answers some of them. */
const nounsOf = (group: string, value: unknown): readonly Noun[] => {
  if (!group.endsWith('Routes') || group === 'internalRoutes' || typeof value !== 'object' || value === null) return [];
  const byService = Object.groupBy(Object.values(value).filter(isContract), serviceOf);
  return Object.entries(byService).map(([service, routes = []]) => ({ group, routes, service }));
};

const textOf = (...patterns: readonly string[]): string =>
  filesMatching(...patterns)
    .map(({ text }) => text)
    .join('\n');

const filesOf = (service: string) => ({
  readme: textOf(`services/${service}/README.md`),
  contractTests: textOf(`services/${service}/test/**/*.ts`, 'libs/workspaces/test/*.ts'),
});

describe('every noun is whole:', () => {
  const nouns = Object.entries(contracts).flatMap(([group, value]) => nounsOf(group, value));

  it('the services have nouns that were looked at', () => {
    expect([...new Set(nouns.map(({ service }) => service))].toSorted()).toEqual(['audit', 'auth', 'gateway', 'team-resources']);
    expect(nouns.length).toBeGreaterThan(8);
  });

  it.each(nouns.map((noun) => [`${noun.group} of ${noun.service}`, noun] as const))('%s', (_name, noun) => {
    expect(missingParts(noun, filesOf(noun.service))).toEqual([]);
  });

  it('every created table has a fixture', () => {
    const paths = filesMatching('services/*/migrations/*.sql', 'services/*/migration-fixtures/*.sql').map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(50);
    expect(missingFixtures(paths)).toEqual([]);
  });
});

describe('a planted gap is found:', () => {
  const polls: Noun = {
    group: 'pollRoutes',
    service: 'team-resources',
    routes: [{ path: '/v1/communities/:communityId/polls' }, { path: '/v1/communities/:communityId/polls/:pollId/close' }],
  };
  const whole = { readme: '`…/polls[/:id]`, `…/close`', contractTests: 'send(`/v1/communities/${id}/polls`)' };

  it('none in a whole noun', () => {
    expect(missingParts(polls, whole)).toEqual([]);
  });

  it('a route that the README does not describe', () => {
    expect(missingParts(polls, { ...whole, readme: '`…/polls[/:id]`' })).toEqual([
      'services/team-resources/README.md: pollRoutes: the route …/close is not described',
    ]);
  });

  it('a noun without a contract test', () => {
    expect(missingParts(polls, { ...whole, contractTests: 'send(`/v1/communities/${id}`)' })).toEqual([
      'services/team-resources/test/contract: pollRoutes: no contract test sends a request to one of its routes',
    ]);
  });

  it('a created table without a fixture', () => {
    const folder = 'services/team-resources';
    expect(missingFixtures([`${folder}/migrations/0013_create_polls.up.sql`])).toEqual([
      `${folder}/migration-fixtures/0013_create_polls.sql: is missing`,
    ]);
  });
});
