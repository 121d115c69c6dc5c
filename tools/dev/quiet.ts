/** Does nothing about a pipe that its reader has closed (`… | head -3`): what is under way goes on to its end, unread. */
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};

/** Lets this process print to a pipe that its reader may close before the end. */
export const allowClosedOutput = (): void => {
  for (const out of [process.stdout, process.stderr]) out.on('error', ignoreClosedPipe);
};

/** Ends this process, with success, once nobody reads what it prints: for what prints without an end. */
export const exitWhenUnread = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    ignoreClosedPipe(error);
    process.exit(0);
  });
};
