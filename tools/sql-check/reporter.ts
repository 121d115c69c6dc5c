import { writeFileAtomically } from '@guildhall/files';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { folderVariable, newFolder, sentFile, takeCaptured, untestedFile, type Captured } from './capture-folder.ts';
import { checkCaptured } from './captured.ts';
import { migrationTexts, readStatements } from './migrations.ts';
import type { Statement } from './rule.ts';
import { quickRun } from '../../tests/runs.ts';
import { templateFiles, templatesIn, type SqlTemplate } from './templates.ts';

const unseenReason = 'No test sends this to a database. Let a contract or store test reach it, or remove it.';
const shownLengthMax = 100;

const unseenLine = ({ path, line, texts }: SqlTemplate): string =>
  `${path}:${line}: ${unseenReason}\n    ${texts.join('…').replaceAll(/\s+/g, ' ').trim().slice(0, shownLengthMax)}`;

export interface Run {
  readonly captured: readonly Captured[];
  readonly templates: readonly SqlTemplate[];
  readonly migrations: readonly Statement[];
  /** True if all tests ran and passed: only then a template that wrote nothing counts as untested. */
  readonly isWhole: boolean;
}

/** The faults of a run, one sentence each, and one line that says what was checked. */
export const judgeRun = ({ captured, templates, migrations, isWhole }: Run) => {
  const { faults, unseen, sent, statements } = checkCaptured(captured, templates, migrations);
  const untested = unseen.map(unseenLine);
  const all = [...faults, ...(isWhole ? untested : [])];
  const seen = `${templates.length - unseen.length} of ${templates.length} templates`;
  const part = isWhole ? '' : '; a part of the tests ran, so templates without statements are no fault';
  return {
    faults: all,
    untested,
    sent,
    summary: `SQL: ${statements} statements of ${seen} checked, ${all.length} faults${part}`,
  };
};

/**
 * Holds every statement that the run sent to the rules for SQL, at its end, and fails the run on a fault. A run of all tests
 * must have sent what each `sql` template writes; a partial run checks what it sent, and says so. The templates that the last run
 * did not reach are listed in `.tmp/statements/untested.txt`; those that a whole run sent, in `sent.json` beside it.
 */
export default class SqlReporter implements Reporter {
  #vitest: Vitest | undefined;
  #folder: string | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#folder = newFolder();
    // Workers are started later and inherit it.
    process.env[folderVariable] = this.#folder;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    if (this.#vitest === undefined || this.#folder === undefined) return;
    const isWhole = await ranEverything(this.#vitest, modules);
    const captured = takeCaptured(this.#folder);
    if (captured.length === 0 && !isWhole) return;
    const templates = templateFiles().flatMap(templatesIn);
    const { faults, untested, sent, summary } = judgeRun({
      captured,
      templates,
      migrations: readStatements(migrationTexts()).statements,
      isWhole,
    });
    writeFileAtomically(untestedFile, untested.map((line) => `${line}\n`).join(''), { isDurable: false });
    if (isWhole) writeFileAtomically(sentFile, JSON.stringify(sent), { isDurable: false });
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    process.stdout.write(`\n ${summary}\n`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

/** True if no filter excluded a test of the quick run, and every file passed. */
const ranEverything = async (vitest: Vitest, modules: readonly TestModule[]): Promise<boolean> => {
  if (!vitest.projects.some(({ name }) => name === quickRun.name)) return false;
  if (vitest.config.testNamePattern !== undefined || modules.some((module) => !module.ok())) return false;
  const all = (await vitest.globTestSpecifications()).map(({ moduleId }) => moduleId);
  const ran = new Set(modules.map(({ moduleId }) => moduleId));
  return all.every((moduleId) => ran.has(moduleId));
};
