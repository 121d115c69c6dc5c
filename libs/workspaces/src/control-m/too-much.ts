import { workspaceDefinitionBytesMax } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';

/** Throws UNPROCESSABLE when the definitions and documents of a workspace are too long to be read at once. */
export const requireReadable = (bytes: number): void => {
  if (bytes <= workspaceDefinitionBytesMax) return;
  const detail = `The Control-M folders of this workspace are longer than ${workspaceDefinitionBytesMax} bytes together: divide it into several workspaces.`;
  throw new AppError('UNPROCESSABLE', detail);
};
