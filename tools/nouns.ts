import type { RouteContract } from '@guildhall/contracts';

/** A noun as its contracts and its service show it. */
export interface Noun {
  /** The name of the group in `@guildhall/contracts`: `pollRoutes`. */
  readonly group: string;
  readonly routes: readonly Pick<RouteContract, 'path'>[];
  readonly service: string;
}

export interface ServiceFiles {
  readonly readme: string;
  /** The text of the service's contract tests, and of the libs' contract suites that it runs. */
  readonly contractTests: string;
}

/** The last fixed segment of a path: `restore` of `/v1/workspaces/:workspaceId/restore`. */
const lastWord = (path: string): string => path.split('/').findLast((segment) => !segment.startsWith(':')) ?? '';

/** A pattern for the path as tests write it: any text in place of a parameter. */
const asWritten = (path: string): RegExp => new RegExp(path.replaceAll(/:\w+/g, '[^/\\s]+').replaceAll('.', '\\.'));

/** The parts that a noun lacks: a line in the README for each route, a contract test that sends a request to one. */
export const missingParts = ({ group, routes, service }: Noun, { readme, contractTests }: ServiceFiles): readonly string[] => [
  ...[...new Set(routes.map(({ path }) => lastWord(path)))]
    .filter((word) => !readme.includes(word))
    .map((word) => `services/${service}/README.md: ${group}: the route …/${word} is not described`),
  ...(routes.some(({ path }) => asWritten(path).test(contractTests))
    ? []
    : [`services/${service}/test/contract: ${group}: no contract test sends a request to one of its routes`]),
];

/** The migrations that create a table without a fixture: a file of rows on which `make migrate-verify` tries the way back. */
export const missingFixtures = (paths: readonly string[]): readonly string[] => {
  const present = new Set(paths);
  return paths.flatMap((path) => {
    const found = /^(services\/[^/]+)\/migrations\/(\d{4}_create_\w+)\.up\.sql$/.exec(path);
    if (found === null) return [];
    const fixture = `${found[1]}/migration-fixtures/${found[2]}.sql`;
    return present.has(fixture) ? [] : [`${fixture}: is missing`];
  });
};
