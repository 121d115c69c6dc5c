import { namesOf } from './names.ts';

/** The skeleton of a noun: the files to write, and the lines to add to files that nouns share. */
export interface Plan {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly shared: readonly { readonly path: string; readonly line: string }[];
}

export interface PlanRequest {
  readonly service: string;
  /** The schema that the service owns. */
  readonly schema: string;
  /** A plural in kebab case. */
  readonly name: string;
  /** The number of the next migration, four digits. */
  readonly step: string;
  /** Reads a template by its name. */
  readonly template: (name: string) => string;
}

const templateOf = (service: string, file: string, step: string): Readonly<Record<string, string>> => ({
  contract: `libs/contracts/src/routes/${file}.ts`,
  up: `services/${service}/migrations/${step}.up.sql`,
  down: `services/${service}/migrations/${step}.down.sql`,
  fixture: `services/${service}/migration-fixtures/${step}.sql`,
  core: `services/${service}/src/core/${file}.ts`,
  store: `services/${service}/src/store/${file}.ts`,
  routes: `services/${service}/src/routes/${file}.ts`,
  'core-test': `services/${service}/test/core/${file}.test.ts`,
  'contract-test': `services/${service}/test/contract/${file}.test.ts`,
});

/** Fills a template. Throws an Error for a placeholder without a value. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A template asks for {{${name}}}, which has no value.`);
    return value;
  });

/** Throws an Error for a name that is no plural in kebab case. */
export const planNoun = ({ service, schema, name, step, template }: PlanRequest): Plan => {
  const names = namesOf(name);
  const values = { ...names, schema, number: step };
  const { file, resource, Poll, Polls, poll, polls } = names;
  const paths = Object.entries(templateOf(service, file, `${step}_create_${names.table}`));
  return {
    files: paths.map(([from, path]) => ({ path, text: fill(template(from), values) })),
    shared: [
      { path: 'libs/contracts/src/index.ts', line: `export { ${poll}Routes, type ${Poll} } from './routes/${file}.ts';` },
      { path: 'libs/contracts/src/permissions.ts', line: `'${resource}:read', … and the roles that hold them` },
      { path: 'services/gateway/src/route-table.ts', line: `...inCommunity(${poll}Routes),` },
      { path: `services/${service}/src/store/stores.ts`, line: `${polls}: create${Polls}(connection),` },
      { path: `services/${service}/src/app.ts`, line: `add${Poll}Routes, in \`nouns\`` },
      {
        path: `services/${service}/src/store/column-classes.ts`,
        line: `${names.table}: { public: \`\${editable} community_id\`, personal: 'name' },`,
      },
      { path: 'services/gateway/test/support/access-oracle.ts', line: `who may call the routes of ${polls}` },
      { path: 'CHANGELOG.md', line: 'what users can do now' },
    ],
  };
};
