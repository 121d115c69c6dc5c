/** The most texts that are held for downloads. */
const heldMax = 5;
/**
 * The time from one save to the next, in milliseconds. Chromium takes ten downloads of a page in a second, and drops further ones without a word
 * (`LocalFrame::ShouldThrottleDownload`).
 */
const paceMs = 125;

/** The addresses of saved texts, the oldest first. The browser reads a text some time after the click, and tells nobody when: one that was let go at once was sometimes not saved. */
const held: string[] = [];
/** The time from which the next text may be saved, by the clock of `performance`. */
let nextAt = 0;

const hand = (fileName: string, blob: Blob): void => {
  const url = URL.createObjectURL(blob);
  held.push(url);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  for (const old of held.splice(0, held.length - heldMax)) URL.revokeObjectURL(old);
};

/** Has the browser save a text as a file, as UTF-8. Texts that come together are saved one after the other. */
export const saveText = (fileName: string, text: string | Blob, type: string): void => {
  const blob = new Blob([text], { type });
  const now = performance.now();
  const at = Math.max(now, nextAt);
  nextAt = at + paceMs;
  if (at === now) hand(fileName, blob);
  else setTimeout(() => hand(fileName, blob), at - now);
};
