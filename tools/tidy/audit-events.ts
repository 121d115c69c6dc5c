import type { RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { eachFile, type TidyRule } from './rule.ts';

/** Finds the object literals that have both `kind: 'audit'` and a payload. */
const assembledEvents = (file: RepositoryFile): string[] => {
  const found: string[] = [];
  visitFile(file, {
    ObjectExpression: ({ properties, start }) => {
      const values = new Map(
        properties.flatMap((property) =>
          property.type === 'Property' && property.key.type === 'Identifier'
            ? [[property.key.name, property.value] as const]
            : [],
        ),
      );
      const kind = values.get('kind');
      const isAudit = kind?.type === 'Literal' && kind.value === 'audit';
      if (isAudit && values.has('payload')) found.push(`${file.path}:${lineAt(file.text, start)}: an audit event`);
    },
  });
  return found;
};

export const auditEventRules: readonly TidyRule[] = [
  {
    name: 'audit events are assembled in one place',
    reason:
      'An event that is put together by hand drifts from the others. Use auditEvent or auditMessage of @guildhall/resources.',
    files: ['{libs,services,programs}/*/src/**/*.ts'],
    // The contracts hold examples of events, and make none.
    find: eachFile((file) => (/^libs\/(resources|contracts)\/src\//.test(file.path) ? [] : assembledEvents(file))),
  },
];
