/** The answer of a versioned row: its version becomes the ETag. */
export const versioned = <Row extends { readonly version: number }>(body: Row) => ({ body, version: body.version });
