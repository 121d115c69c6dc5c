import type { Answer } from './serve.ts';

/** The answer of a versioned row: its version becomes the ETag. */
export const versioned = (body: { readonly version: number }): Answer => ({ body, version: body.version });
