import { EventSourceParserStream } from 'eventsource-parser/stream';
import { send } from './call.ts';
import { readAnew } from './reading.ts';
import { refreshSession, sessionStatus } from './session.ts';

/** A change as the stream tells it. */
interface Told {
  readonly communityId: string;
  readonly type: string;
  readonly id: string | null;
}
/** A message of one tab to the others: a change, that anything may have changed, or that a stream of the session was ended. */
type Heard = { readonly changed: Told } | 'reset' | 'ended';

const afterFailureMs = 3_000;
/** A stream that ended by itself is opened again at once: its session may be over, which only the answer tells. */
const afterEndMs = 100;
const gatheredMs = 250;

const otherTabs = new BroadcastChannel('guildhall-changes');

/** Types of what lies in a workspace: they are listed by the workspace, which a change does not name. */
const ofWorkspaces: ReadonlySet<string> = new Set(['workspace', 'script', 'control-m-folder', 'control-m-document']);
/** Types of what decides who may read a workspace at all. */
const ofAccess: ReadonlySet<string> = new Set(['community', 'member', 'own-role']);
/** The lists of everything that a person has. */
const ownLists: ReadonlySet<unknown> = new Set(['listCommunities', 'listWorkspaces', 'listInbox']);

const isTouched = (queryKey: readonly unknown[], told: readonly Told[]): boolean => {
  if (ownLists.has(queryKey[0])) return true;
  const text = JSON.stringify(queryKey);
  return told.some(
    ({ communityId, type, id }) =>
      text.includes(communityId) ||
      (id !== null && text.includes(id)) ||
      ((ofWorkspaces.has(type) || ofAccess.has(type)) &&
        (text.includes('"workspaceId"') || text.includes('Script') || text.includes('ControlM'))),
  );
};

let gathered: Told[] = [];
let isWaiting = false;

/** Has what is shown read again, once for the changes that come together. */
const readAgain = (told: Told): void => {
  gathered.push(told);
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    const changes = gathered;
    [gathered, isWaiting] = [[], false];
    void readAnew((queryKey) => isTouched(queryKey, changes));
  }, gatheredMs);
};

const onHeard = (heard: Heard): void => {
  if (heard === 'reset') void readAnew();
  else if (heard === 'ended') void refreshSession().catch(() => undefined);
  else readAgain(heard.changed);
};
otherTabs.addEventListener('message', ({ data }: MessageEvent<Heard>) => onHeard(data));

const tell = (heard: Heard): void => {
  onHeard(heard);
  otherTabs.postMessage(heard);
};

interface Position {
  lastEventId: string | null;
}

/** Reads one connection of the stream to its end. */
const readOnce = async (position: Position, signal: AbortSignal): Promise<void> => {
  const answer = await send('followChanges', { signal, lastEventId: position.lastEventId });
  if (answer.body === null) return;
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const { id, event, data } = next.value;
    position.lastEventId = id ?? position.lastEventId;
    if (event === 'reset') tell('reset');
    if (event === 'changed') tell({ changed: JSON.parse(data) as Told });
  }
};

/** Follows the stream until it is told to stop; where a connection ends, the next one goes on behind the change that was seen last. */
const follow = async (signal: AbortSignal): Promise<void> => {
  const position: Position = { lastEventId: null };
  while (!signal.aborted) {
    const pauseMs = await readOnce(position, signal).then(
      () => afterEndMs,
      () => afterFailureMs,
    );
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (sessionStatus.get() === 'ended') otherTabs.postMessage('ended' satisfies Heard);
};

/** One tab of a browser follows for all of them: a browser opens few connections to one address. */
const followAlone = (signal: AbortSignal): Promise<void> =>
  'locks' in navigator ? navigator.locks.request('guildhall-changes', { signal }, () => follow(signal)) : follow(signal);

let following: AbortController | null = null;

const onSession = (): void => {
  const isSignedIn = sessionStatus.get() === 'signed_in';
  if (isSignedIn === (following !== null)) return;
  following?.abort();
  following = isSignedIn ? new AbortController() : null;
  if (following !== null) void followAlone(following.signal).catch(() => undefined);
};

/** Keeps what is shown true while somebody is signed in, and notices a session that was ended elsewhere. */
export const followChanges = (): void => {
  sessionStatus.subscribe(onSession);
  onSession();
};
