import { createStore } from '../api/store.ts';

/** True while the palette is open. */
export const isPaletteOpen = createStore(false);

export const openPalette = (): void => isPaletteOpen.set(true);
export const closePalette = (): void => isPaletteOpen.set(false);
