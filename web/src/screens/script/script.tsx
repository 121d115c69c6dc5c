import type { Script } from '@guildhall/contracts';
import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { findDraft } from '../../editor/kept-drafts.ts';
import { OrphanedDraft } from '../../editor/restored-draft.tsx';
import { ShownOrSignIn } from '../../shell/shown-or-sign-in.tsx';
import { Loading } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { ScriptEditor } from './script-editor.tsx';

const everyMs = 15_000;

/** Editing begins from the version that was there first; a newer one does not take the text from under the hands. */
const Opened = ({ current }: { readonly current: Script }) => {
  const [kept] = useState(() => findDraft<Script>(current.id));
  const [base, setBase] = useState(kept?.base ?? current);
  return <ScriptEditor key={base.id} base={base} current={current} keptText={kept?.text ?? null} onBase={setBase} />;
};

export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', scriptId = '' } = params;
  const script = useRead('getScript', { params: { workspaceId, scriptId } }, { everyMs });
  // What was kept from an earlier look may be an earlier version: editing begins from what is there now.
  if (!script.isFetchedAfterMount) return <Loading lines={5} />;
  return (
    <ShownOrSignIn read={script} whenGone={<OrphanedDraft id={scriptId} />}>
      {(current) => <Opened current={current} />}
    </ShownOrSignIn>
  );
};
