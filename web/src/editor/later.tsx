import { lazy, Suspense } from 'react';
import { Loading } from '../ui/states.tsx';
import type { EditorParts } from './editor.tsx';
import type { ThreeWayParts } from './three-way.tsx';

/** Parts of screens that do not always show them: each is loaded when it is first shown. */
const LoadedEditor = lazy(async () => ({ default: (await import('./editor.tsx')).Editor }));
const LoadedThreeWay = lazy(async () => ({ default: (await import('./three-way.tsx')).ThreeWay }));

export const EditorLater = (parts: EditorParts) => (
  <Suspense fallback={<Loading />}>
    <LoadedEditor {...parts} />
  </Suspense>
);

export const ThreeWayLater = (parts: ThreeWayParts) => (
  <Suspense fallback={<Loading />}>
    <LoadedThreeWay {...parts} />
  </Suspense>
);
