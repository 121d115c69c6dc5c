import type { Script } from '@guildhall/contracts';
import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { Loading, Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { ScriptEditor } from './script-editor.tsx';

const everyMs = 15_000;

/** Editing begins from the version that was there first; a newer one does not take the text from under the hands. */
const Opened = ({ current }: { readonly current: Script }) => {
  const [base, setBase] = useState(current);
  return <ScriptEditor key={base.id} base={base} current={current} onBase={setBase} />;
};

export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', scriptId = '' } = params;
  const script = useRead('getScript', { params: { workspaceId, scriptId } }, { everyMs });
  // What was kept from an earlier look may be an earlier version: editing begins from what is there now.
  if (!script.isFetchedAfterMount) return <Loading lines={5} />;
  return <Shown read={script}>{(current) => <Opened current={current} />}</Shown>;
};
