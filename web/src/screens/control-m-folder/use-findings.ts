import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import type { Finding } from '../../control-m/findings.tsx';
import type { FolderSource } from '../../control-m/folder-source.ts';
import { useSettled } from '../../ui/use-typed.ts';

/** The pause in typing after which a text is checked, in milliseconds. */
const pauseMs = 600;

/** Checks a text as the definition of its folder, and saves nothing. The document around it is one line before it. */
const checkDraft = async ({ workspaceId, name }: FolderSource, text: string): Promise<readonly Finding[]> => {
  const { documents } = await call('importControlM', {
    params: { workspaceId },
    query: { dryRun: 'true', replace: 'true' },
    body: { documents: [{ name: 'draft', text: `{${JSON.stringify(name)}:\n${text}\n}` }] },
  });
  const findings = documents.flatMap((document) => document.findings);
  return findings.map((finding) => ({ ...finding, line: Math.max(1, finding.line - 1) }));
};

/** The findings in a folder: in the saved text with the rest of its workspace, or in the draft alone. */
export const useFindings = (base: FolderSource, text: string): readonly Finding[] | undefined => {
  const { workspaceId, id, version } = base;
  const isDirty = text !== base.text;
  const saved = useRead('checkControlM', { params: { workspaceId } });
  const settled = useSettled(text, pauseMs);
  const draft = useQuery({
    queryKey: ['check-draft', id, version, settled],
    queryFn: () => checkDraft(base, settled),
    enabled: isDirty && settled === text,
  });
  if (isDirty) return draft.data;
  return saved.data === undefined ? undefined : (saved.data.folders.find(({ folderId }) => folderId === id)?.findings ?? []);
};
