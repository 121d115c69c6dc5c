/** The parts that a list of `add…Routes` functions needs together: the intersection of their second parameters. */
export type RoutePartsOf<List extends readonly ((app: never, parts: never) => void)[]> = List[number] extends (
  app: never,
  parts: infer Parts,
) => void
  ? Parts
  : never;
