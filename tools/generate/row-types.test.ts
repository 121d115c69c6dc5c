import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresDeclarations, sqliteDeclarations } from './row-types.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the declarations of tables', () => {
  test('have the types that the driver reads, and null where a column may be null', () => {
    const schema = [
      'CREATE TABLE shop.goods_sold (',
      '  id uuid NOT NULL DEFAULT gen_random_uuid(),',
      '  is_dear boolean,',
      '  labels text[] NOT NULL,',
      "  made_of jsonb DEFAULT '{}'::jsonb,",
      '  sold_at timestamp with time zone,',
      '  CONSTRAINT pk_goods_sold PRIMARY KEY (id)',
      ');',
      'CREATE INDEX idx_goods_sold_sold_at ON shop.goods_sold USING btree (sold_at);',
      '',
      'CREATE TABLE shop.shelves (',
      '  height bigint NOT NULL',
      ');',
    ];
    expect(postgresDeclarations(`${schema.join('\n')}\n`)).toBe(`// Generated from schema.sql by \`make generate\`.
import { table, type Json } from '@guildhall/db';

export const goodsSold = table<{
  readonly id: string;
  readonly isDear: boolean | null;
  readonly labels: readonly string[];
  readonly madeOf: Json | null;
  readonly soldAt: string | null;
}>();

export const shelves = table<{
  readonly height: number;
}>();
`);
  });

  test('of SQLite are rows with the names of the columns', () => {
    const schema =
      'CREATE TABLE goods_sold (\n  id TEXT NOT NULL,\n  amount INTEGER,\n  CONSTRAINT pk_goods PRIMARY KEY (id)\n) STRICT;\n';
    expect(sqliteDeclarations(schema)).toBe(`// Generated from schema.sql by \`make generate\`.

export interface GoodsSoldRow {
  readonly id: string;
  readonly amount: number | null;
}
`);
  });

  test('are refused for a type that nobody has said how to read', () => {
    expect(() => postgresDeclarations('CREATE TABLE shop.goods (\n  price money NOT NULL\n);\n')).toThrow(
      'goods.price has the type money: say in tools/generate/row-types.ts what it reads as.',
    );
  });
});

const planted = `
import { leftJoined, row, withoutNull } from '@guildhall/db';
import { Type } from 'typebox';
import { scripts, workspaces } from '../../services/team-resources/src/store/tables.ts';
import type { ScriptsRow } from '../../services/gateway/src/store/tables.ts';

const orNull = Type.Union([Type.String(), Type.Null()]);
export const rights = [
  row([scripts, workspaces], { language: Type.Enum(['jcl', 'sql']), communityId: Type.String(), deletedAt: orNull }, { total: Type.Integer() }),
  row([leftJoined(scripts)], { name: Type.Optional(Type.String()) }),
  row([withoutNull(scripts, 'deletedAt')], { deletedAt: Type.String() }),
];
export type Right = Pick<ScriptsRow, 'id' | 'deleted_at'>;

export const noColumn = row([scripts], { titel: Type.String() });
export const otherTable = row([workspaces], { language: Type.String() });
export const otherType = row([scripts], { version: Type.String() });
export const mayBeNull = row([scripts], { deletedAt: Type.String() });
export const neverNull = row([scripts], { name: orNull });
export const joined = row([leftJoined(scripts)], { name: Type.String() });
export const notThere = row([withoutNull(scripts, 'removedAt')], { name: Type.String() });
export type NoColumn = Pick<ScriptsRow, 'titel'>;
`;

describe('a row that is not as the catalog says does not compile:', () => {
  let folder: string;
  beforeAll(async () => {
    // Inside the repository, so that the packages are found from there.
    await mkdir(join(root, '.tmp'), { recursive: true });
    folder = await mkdtemp(join(root, '.tmp', 'row-types-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('neither a wrong column nor a wrong type nor a wrong nullability', async () => {
    await writeFile(join(folder, 'planted.ts'), planted);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['planted.ts'] }));
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    const said = await new Promise<string>((resolve) => {
      execFile(tsc, ['--project', folder, '--pretty', 'false'], (_error, stdout) => resolve(stdout));
    });
    const lines = planted.split('\n');
    const faults = [...said.matchAll(/planted\.ts\((\d+),\d+\): error .*?(?: & "([^"]+)"'\.)?$/gm)].map(
      ([, line, fault = 'error']) => [/(?:const|type) (\w+)/.exec(lines[Number(line) - 1] ?? '')?.[1], fault],
    );
    expect(faults).toEqual([
      ['noColumn', 'None of the tables has this column.'],
      ['otherTable', 'None of the tables has this column.'],
      ['otherType', 'This column has another type.'],
      ['mayBeNull', 'This column may be null.'],
      ['neverNull', 'This column is never null.'],
      ['joined', 'This column may be null.'],
      ['notThere', 'error'],
      ['NoColumn', 'error'],
    ]);
  });
});
