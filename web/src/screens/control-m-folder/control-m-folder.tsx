import { useState } from 'react';
import { useFolderSource, type FolderSource } from '../../control-m/folder-source.ts';
import { findDraft } from '../../editor/kept-drafts.ts';
import { OrphanedDraft } from '../../editor/restored-draft.tsx';
import { ShownOrSignIn } from '../../shell/shown-or-sign-in.tsx';
import { Loading } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { FolderEditor } from './folder-editor.tsx';

const everyMs = 15_000;

/** Editing begins from the version that was there first; a newer one does not take the text from under the hands. */
const Opened = ({ current }: { readonly current: FolderSource }) => {
  const [kept] = useState(() => findDraft<FolderSource>(current.id));
  const [base, setBase] = useState(kept?.base ?? current);
  return <FolderEditor key={base.id} base={base} current={current} keptText={kept?.text ?? null} onBase={setBase} />;
};

export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', folderId = '' } = params;
  const folder = useFolderSource(workspaceId, folderId, everyMs);
  // What was kept from an earlier look may be an earlier version: editing begins from what is there now.
  if (!folder.isFetchedAfterMount) return <Loading lines={5} />;
  return (
    <ShownOrSignIn read={folder} whenGone={<OrphanedDraft id={folderId} />}>
      {(current) => <Opened current={current} />}
    </ShownOrSignIn>
  );
};
