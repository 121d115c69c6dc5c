/** The most texts that are held for downloads. */
const heldMax = 5;
/** The addresses of saved texts, the oldest first. The browser reads a text some time after the click, and tells nobody when: one that was let go at once was sometimes not saved. */
const held: string[] = [];

/** Has the browser save a text as a file, as UTF-8. */
export const saveText = (fileName: string, text: string | Blob, type: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type }));
  held.push(url);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  for (const old of held.splice(0, held.length - heldMax)) URL.revokeObjectURL(old);
};
