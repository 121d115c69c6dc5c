import { useState } from 'react';
import { useFolderSource, type FolderSource } from '../../control-m/folder-source.ts';
import { Loading, Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { FolderEditor } from './folder-editor.tsx';

const everyMs = 15_000;

/** Editing begins from the version that was there first; a newer one does not take the text from under the hands. */
const Opened = ({ current }: { readonly current: FolderSource }) => {
  const [base, setBase] = useState(current);
  return <FolderEditor key={base.id} base={base} current={current} onBase={setBase} />;
};

export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', folderId = '' } = params;
  const folder = useFolderSource(workspaceId, folderId, everyMs);
  // What was kept from an earlier look may be an earlier version: editing begins from what is there now.
  if (!folder.isFetchedAfterMount) return <Loading lines={5} />;
  return <Shown read={folder}>{(current) => <Opened current={current} />}</Shown>;
};
