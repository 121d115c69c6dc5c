import { noLineWith, type TidyRule } from './rule.ts';

export const rowRules: readonly TidyRule[] = [
  {
    name: 'rows of the solo file have generated types',
    reason:
      "better-sqlite3 believes the type that it is given: take columns of store/tables.ts, as in Pick<ScriptsRow, 'id' | 'name'>.",
    files: ['services/gateway/src/store/**/*.ts'],
    find: (files) =>
      noLineWith(/(\.prepare<\[[^\]]*\], \{(?!.*PRAGMA)|interface \w+Row\b).*/)(
        files.filter(({ path }) => !path.endsWith('/store/tables.ts')),
      ),
  },
];
