import type { ControlMImport } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { type Contract } from './contract-server.ts';
import { folderCount, generatedDocuments, jobCount, jobTypes } from './generated-documents.ts';

interface JobPage {
  readonly items: readonly { readonly path: string; readonly type: string }[];
  readonly nextCursor: string | null;
}

/** The contract suite of a large installation: what it has comes in without loss, and goes out as it came. Run on every store. */
export const largeInstallationContract = (the: () => Contract): void => {
  describe('the documents of a large installation', () => {
    test(`of ${jobCount} jobs in ${folderCount} folders of ${jobTypes.length} types are imported whole and exported unchanged`, async () => {
      const { id } = await the().newWorkspace();
      const url = `/v1/workspaces/${id}/control-m`;
      const documents = generatedDocuments();
      const { status, body } = await the().send('POST', `${url}/import`, { body: { documents } });
      expect(status).toBe(200);
      const imported = (body as ControlMImport).documents;
      const folders = imported.flatMap((document) => document.folders);
      expect(imported.filter((document) => document.status !== 'imported')).toEqual([]);
      expect([folders.length, new Set(folders.map((folder) => folder.status))]).toEqual([folderCount, new Set(['created'])]);
      expect(folders.reduce((sum, folder) => sum + folder.jobCount, 0)).toBe(jobCount);

      const exported = (await the().send('GET', `${url}/export`)).body as { readonly documents: readonly { name: string }[] };
      expect(exported.documents).toEqual(documents.toSorted((one, other) => (one.name < other.name ? -1 : 1)));

      const jobs: { readonly path: string; readonly type: string }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: JobPage = (await the().send('GET', `${url}/jobs?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`))
          .body as JobPage;
        jobs.push(...page.items);
        cursor = page.nextCursor;
      }
      expect([jobs.length, new Set(jobs.map(({ path }) => path)).size]).toEqual([jobCount, jobCount]);
      expect(new Set(jobs.map(({ type }) => type))).toEqual(new Set(jobTypes));

      const graph = (await the().send('GET', `${url}/graph`)).body as {
        readonly nodes: unknown[];
        readonly criticalPath: unknown[];
      };
      expect(graph.nodes.length).toBeGreaterThanOrEqual(jobCount);
      expect(graph.criticalPath.length).toBeGreaterThanOrEqual(jobCount);
      const again = (await the().send('POST', `${url}/import`, { body: { documents } })).body as ControlMImport;
      const statuses = again.documents.flatMap((document) => document.folders.map((folder) => folder.status));
      expect(new Set(statuses)).toEqual(new Set(['unchanged']));
    });
  });
};
