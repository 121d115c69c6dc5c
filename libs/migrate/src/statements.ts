/** Matches what may stand between two semicolons without ending a statement, in the syntax of SQLite and PostgreSQL. */
const pieces =
  /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|;|[A-Za-z_][\w$]*|[\s\S]/g;

const isComment = (piece: string): boolean => piece.startsWith('--') || piece.startsWith('/*');

/** A trigger of SQLite holds statements of its own, up to its END. */
const isOpenTrigger = (text: string): boolean =>
  /^create\s+(?:temp\s+|temporary\s+)?trigger\b/i.test(text.trim()) && !/\bend\s*$/i.test(text);

/** Splits a file into its statements, each without its semicolon and without the comments around it. */
export const splitStatements = (text: string): readonly string[] => {
  const statements: string[] = [];
  let statement = '';
  const end = (): void => {
    if (statement.trim() !== '') statements.push(statement.trim());
    statement = '';
  };
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === ';' && !isOpenTrigger(statement)) end();
    else if (!isComment(piece)) statement += piece;
    else if (statement.trim() !== '') statement += ' ';
  }
  end();
  return statements;
};

const shownLengthMax = 160;

/** A statement shortened to one line, for a message. */
export const shortened = (statement: string): string => {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return line.length > shownLengthMax ? `${line.slice(0, shownLengthMax - 1)}…` : line;
};
