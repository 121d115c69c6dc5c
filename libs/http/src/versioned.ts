/** The answer of a versioned row: its version becomes the ETag. */
export const versioned = <Row extends { readonly version: number }>(body: Row) => ({ body, version: body.version });

/** The answer of a versioned row that was created: its id becomes the Location, too. */
export const created = <Row extends { readonly id: string; readonly version: number }>(body: Row) => ({
  ...versioned(body),
  createdId: body.id,
});
