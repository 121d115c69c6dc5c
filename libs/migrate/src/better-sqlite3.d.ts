/** The part of better-sqlite3 that is used here; the package brings no types of its own. */
declare module 'better-sqlite3' {
  namespace Database {
    interface Statement<Parameters extends readonly unknown[] = readonly unknown[], Row = unknown> {
      run(...parameters: Parameters): { readonly changes: number };
      get(...parameters: Parameters): Row | undefined;
      all(...parameters: Parameters): Row[];
    }
    interface Transaction<Work extends (...given: never[]) => unknown> {
      (...given: Parameters<Work>): ReturnType<Work>;
      immediate(...given: Parameters<Work>): ReturnType<Work>;
    }
    interface Database {
      readonly name: string;
      readonly open: boolean;
      prepare<Parameters extends readonly unknown[] = readonly unknown[], Row = unknown>(
        text: string,
      ): Statement<Parameters, Row>;
      exec(text: string): this;
      pragma(text: string, options?: { readonly simple?: boolean }): unknown;
      transaction<Work extends (...given: never[]) => unknown>(work: Work): Transaction<Work>;
      close(): this;
    }
  }
  const Database: new (
    file: string,
    options?: { readonly readonly?: boolean; readonly fileMustExist?: boolean; readonly timeout?: number },
  ) => Database.Database;
  export default Database;
}
