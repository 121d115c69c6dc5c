import { lazy, Suspense, useEffect } from 'react';
import { useStore } from '../api/store.ts';
import { closePalette, isPaletteOpen, openPalette } from './palette-state.ts';

/** The palette is loaded when it is first asked for. */
const Palette = lazy(async () => ({ default: (await import('../palette/palette.tsx')).Palette }));

const isShortcut = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  key.toLowerCase() === 'k' && ctrlKey !== metaKey && !altKey && !shiftKey;

/** Opens the palette at Ctrl+K or ⌘K, from everywhere, and closes it at the same keys. */
export const PaletteDoor = () => {
  const isOpen = useStore(isPaletteOpen);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!isShortcut(event)) return;
      event.preventDefault();
      event.stopPropagation();
      if (isPaletteOpen.get()) closePalette();
      else openPalette();
    };
    // Before an editor that has the focus takes the keys.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
  return isOpen ? (
    <Suspense fallback={null}>
      <Palette onClose={closePalette} />
    </Suspense>
  ) : null;
};
