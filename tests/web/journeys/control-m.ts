import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { brokenFiles, goodFiles } from '../support/control-m-files.ts';
import type { Window } from '../support/browser.ts';
import { must } from '../../support/users.ts';
import { tabTo } from '../support/keyboard.ts';
import { openLocal } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';

const openNightBatch = async (stage: Stage): Promise<Window> => {
  const window = await openLocal(stage, '/app');
  await window.page.getByRole('link', { name: 'Night batch' }).click();
  await window.page.getByRole('heading', { name: 'Night batch' }).waitFor();
  return window;
};

const openPart = async (page: Page, part: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Parts of the workspace' }).getByRole('link', { name: part }).click();
};

/** The text that a download of the browser saved. */
const downloaded = async (page: Page, button: string): Promise<string> => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return readFileSync(await download.path(), 'utf8');
};

const focusEditor = async (page: Page): Promise<void> => {
  await page.getByRole('textbox', { name: 'Definition of the folder' }).focus();
};

/** Control-M in a solo workspace: files in and out, and what waits for what. */
export const testControlM = (stageOf: () => Stage): void => {
  test('26 files: the six broken ones are refused with line and column, the 20 good ones come back character by character', async () => {
    const window = await openNightBatch(stageOf());
    const { page } = window;
    await openPart(page, 'Control-M');
    await page.getByText('No folder yet').waitFor();
    await page.getByRole('link', { name: 'Import' }).click();
    const files = [...brokenFiles, ...goodFiles].map(({ name, text }) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    }));
    await page.getByLabel('Choose files, or drop them here').setInputFiles(files);
    await page.getByText('26 documents').waitFor();
    await page.getByRole('button', { name: 'Check without saving' }).click();
    await page.getByText('20 of these documents can be imported. Nothing is saved yet.').waitFor();
    const places = await page.getByRole('button', { name: /^line \d+, column \d+$/ }).allTextContents();
    expect(places).toEqual([
      'line 4, column 48',
      'line 3, column 17',
      'line 1, column 234',
      'line 2, column 3',
      'line 1, column 1',
      'line 1, column 1',
    ]);
    await page.getByRole('button', { name: 'line 3, column 17' }).click();
    await page.getByRole('textbox', { name: 'Text with its findings: broken-word.json' }).waitFor();
    await window.look('control-m-import');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('20 documents were imported. 6 documents were refused.').waitFor();

    await page.getByRole('link', { name: 'Show the folders' }).click();
    await page.getByRole('link', { name: 'NIGHT_20' }).waitFor();
    await window.look('control-m-folders');
    await page.getByRole('link', { name: 'Documents' }).click();
    for (const { name, text } of goodFiles) expect(await downloaded(page, `Download ${name}`)).toBe(text);
    await window.look('control-m-documents');
    await page.getByRole('button', { name: 'Delete night-20.json' }).click();
    await page.getByText('Its folders stay.').waitFor();
    await page.getByRole('button', { name: 'Delete the document' }).click();
    await page.getByRole('button', { name: 'Delete night-20.json' }).waitFor({ state: 'detached' });
    await page.getByLabel('Shown').selectOption('deleted');
    await page.getByRole('button', { name: 'Restore night-20.json' }).click();
    await page.getByText('No deleted document.').waitFor();
    await page.getByLabel('Shown').selectOption('');
    expect(await downloaded(page, 'Download night-20.json')).toBe(goodFiles.at(-1)?.text);

    const { name, text } = goodFiles.at(-2) ?? { name: '', text: '' };
    const path = page.url().replace(/^.*\/app\/workspaces\/([^/]*).*$/, '/v1/workspaces/$1/control-m/import?replace=true');
    await must(stageOf().http, 200, 'POST', path, { body: { documents: [{ name, text: `${text}\n` }] } });
    await page.getByRole('link', { name: `History of ${name}` }).click();
    await page.getByRole('link', { name: 'Compare with 1' }).click();
    await page.getByRole('heading', { name: 'From version 1 to version 2' }).waitFor();
    await page.getByRole('button', { name: 'Restore version 1' }).waitFor();
    await window.look('control-m-document-history');
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    expect(await downloaded(page, `Download ${name}`)).toBe(text);
    await window.close();
  });

  test('500 jobs: find one, walk to its predecessor, its neighbourhood, and the drawing as SVG', async () => {
    const window = await openNightBatch(stageOf());
    const { page } = window;
    await openPart(page, 'Jobs');
    await page.getByLabel('Property', { exact: true }).selectOption('event');
    await page.getByLabel('Value of the property').fill('night-03-done');
    // The field seeks once typing pauses: until then the list is the one before.
    await expect
      .poll(() => page.locator('tbody tr td:first-child').allTextContents(), { timeout: 10_000 })
      .toEqual(['NIGHT_03/Job_03_25', 'NIGHT_06/Job_06_01', 'NIGHT_07/Job_07_01']);
    await window.look('control-m-jobs');
    await openPart(page, 'Graph');
    await page.getByText('500 jobs and folders').waitFor();
    await window.look('control-m-graph');
    await page.getByLabel('Find a job or folder').fill('07_01');
    await page.getByText('1 found').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Job_07_01' }).waitFor();
    await tabTo(page, 'NIGHT_03/Job_03_25');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Job_03_25' }).waitFor();
    expect(await page.locator(':focus').textContent()).toBe('Job_03_25');
    await page.getByLabel('Show', { exact: true }).selectOption('1');
    await page.getByText('4 jobs and folders').waitFor();
    await window.look('control-m-neighbourhood');
    const svg = await downloaded(page, 'Download SVG');
    expect(svg.match(/<title>NIGHT_\d+\/Job_\d+_\d+/g)?.length).toBe(4);
    expect(await downloaded(page, 'Download Mermaid')).toContain('Job_03_25');
    await window.close();
  });

  test('what a save touches is shown before it is done, and what it changed stands in the history job by job', async () => {
    const window = await openNightBatch(stageOf());
    const { page } = window;
    await openPart(page, 'Control-M');
    await page.getByLabel('Find in names and definitions').fill('night-03-done');
    await page.getByRole('link', { name: 'NIGHT_03' }).click();
    await focusEditor(page);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('{"Type": "Folder", "Load": {"Type": "Job:Script"');
    await page.getByText('This text is no JSON yet').waitFor();
    await page.getByText('SYNTAX').waitFor();
    await page.keyboard.type(', "FileName": "load.sh"}}');
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { name: 'The blast radius of this save' }).waitFor();
    await page.getByText('for night-03-done').first().waitFor();
    await window.look('control-m-impact');
    await page.getByRole('button', { name: 'Save all the same' }).click();
    await page.getByText('Saved as version 2.').waitFor();
    await window.look('control-m-folder');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('link', { name: 'Compare with 1' }).click();
    await page.getByText('Jobs that are gone').waitFor();
    await window.look('control-m-history');
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByText('version 3 by you').waitFor();
    const folder = page.url();
    await page.goto(`${folder}/blame?job=NIGHT_03%2FJob_03_01`);
    await page.getByRole('row', { name: /^Everything else you, .* version 3/ }).waitFor();
    await window.look('job-blame');
    await page.goto(folder);

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('things would wait for ever').waitFor();
    await page.getByRole('button', { name: 'Delete the folder' }).click();
    await page.getByLabel('Show', { exact: true }).selectOption('deleted');
    await page.getByRole('button', { name: 'Restore: NIGHT_03' }).click();
    await page.getByText('No deleted folder.').waitFor();
    expect(await page.getByRole('button', { name: /^Restore/ }).count()).toBe(0);
    await window.close();
  });

  test('a script shows the jobs that run it, and a new name for it what that would take from them', async () => {
    const window = await openNightBatch(stageOf());
    const { page } = window;
    await page.getByRole('link', { name: 'load-orders.sh' }).click();
    await page.getByRole('link', { name: 'NIGHT_20/Job_20_01' }).waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Name', { exact: true }).fill('load.sh');
    await page.getByRole('button', { name: 'See what it touches' }).click();
    await page.getByText('20 jobs would lose their script').waitFor();
    await window.look('script-impact');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Describe' }).click();
    await page.getByLabel('Tags').fill('orders\nnightly');
    await page.getByRole('button', { name: 'Save the description' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const body = { name: 'reports/daily/orders.sh', language: 'shell', content: 'report\n' };
    await must(stageOf().http, 201, 'POST', page.url().replace(/^.*\/app(.*)\/[^/]*$/, '/v1$1'), { body });
    await page.getByRole('link', { name: 'Night batch' }).click();
    await page.getByRole('group').getByText('reports').waitFor();
    await page.getByRole('link', { name: 'orders.sh', exact: true }).waitFor();
    await window.look('scripts');
    await page.getByRole('link', { name: 'Scripts with the tag orders' }).click();
    await page.getByRole('button', { name: 'Tag: orders' }).waitFor();
    await page.getByRole('group').getByText('reports').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'load-orders.sh' }).waitFor();
    await page.goto(page.url().replace(/\?.*/, '/control-m/transform'));
    await page.getByLabel('Deploy descriptor').fill('{"DeployDescriptor": [{"Property": "Host", "Assign": "prod"}]}');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('20 documents are changed').waitFor();
    expect(await page.getByRole('region', { name: 'Difference, line by line' }).count()).toBe(20);
    await window.look('control-m-transform');
    await window.close();
  });

  test('naming rules are held against a new folder, and an archive brings a workspace back to where it was', async () => {
    const window = await openNightBatch(stageOf());
    const { page } = window;
    await openPart(page, 'Control-M');
    await page.getByRole('link', { name: 'Naming rules' }).click();
    await page.getByText('No rule yet').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('For the names of').selectOption('folder');
    await page.getByLabel('Forms').fill('NIGHT_##');
    await page.getByLabel('What a check says of other names').fill('Folders here are of the night.');
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByText('The rules are saved.').waitFor();
    await window.look('control-m-rules');
    await page.goBack();
    await page.getByRole('button', { name: 'New folder' }).click();
    await page.getByLabel('Name', { exact: true }).fill('DAY_01');
    await window.look('control-m-new-folder');
    await page.getByRole('button', { name: 'Create folder' }).click();
    await page.getByRole('heading', { name: 'DAY_01' }).waitFor();
    await page.getByText('Folders here are of the night.').waitFor();

    await page.goto(page.url().replace(/control-m\/.*/, 'archive'));
    await page.getByLabel('With the last 101 versions').check();
    const [archive] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export the workspace' }).click(),
    ]);
    const file = { name: archive.suggestedFilename(), mimeType: 'application/x-tar', buffer: readFileSync(await archive.path()) };
    expect(file.name).toBe('Night batch.tar');
    await page.getByLabel('Choose an archive, or drop it here').setInputFiles(file);
    await page.getByRole('button', { name: 'Check without saving' }).click();
    await page.getByText('Nothing is saved yet.').waitFor();
    await page.getByText(/^0 new, \d+ there alike$/).waitFor();
    await window.look('workspace-archive');
    await page.getByRole('button', { name: 'Import the archive' }).click();
    await page.getByText('The archive was imported.').waitFor();
    expect(await page.getByText('refused', { exact: true }).count()).toBe(0);
    await window.close();
  });
};
