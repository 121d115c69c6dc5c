import {
  MutationCache,
  QueryCache,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  type Query,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { call, type AnswerOf, type CallArguments, type CallOf, type Operation } from './call.ts';
import { asProblem, ProblemError } from './problem.ts';

const isAway = (error: unknown): boolean => error instanceof ProblemError && (error.isOutage || error.code === 'UNREACHABLE');

/** The time after which a read that failed for want of a service is tried again, in milliseconds; false: it is not. */
const againMs = (error: unknown): number | false => {
  if (!(error instanceof ProblemError) || !isAway(error)) return false;
  return Math.min(Math.max(error.parts.retryAfterSeconds ?? 2, 1), 5) * 1_000;
};

/** Has the banner of an outage look at once: what one part of the page met, the whole page says. */
const lookWhatIsAway = (error: unknown): void => {
  if (isAway(error)) void queryClient.invalidateQueries({ queryKey: ['getInstallation'] });
};

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== 'getInstallation') lookWhatIsAway(error);
    },
  }),
  mutationCache: new MutationCache({ onError: lookWhatIsAway }),
  defaultOptions: {
    // A failed read is shown at once; while a service is away it is tried again until it is back.
    queries: { retry: false, staleTime: 1_000, refetchInterval: ({ state }) => againMs(state.error) },
    mutations: { retry: false },
  },
});

interface ReadOptions<Data> {
  readonly isOn?: boolean;
  /** Reads again so often, in milliseconds: always, or for as long as what was read asks for it. */
  readonly everyMs?: number | ((data: Data | undefined) => number | undefined);
}

/** Reads by an operation, and again whenever what it shows may have changed. */
export const useRead = <N extends Operation>(
  name: N,
  request: CallOf<N>,
  { isOn = true, everyMs }: ReadOptions<AnswerOf<N>> = {},
): UseQueryResult<AnswerOf<N>> =>
  useQuery<AnswerOf<N>>({
    queryKey: [name, request],
    queryFn: ({ signal }) => call(name, ...([{ ...request, signal }] as unknown as CallArguments<N>)),
    enabled: isOn,
    ...(everyMs === undefined
      ? {}
      : {
          refetchInterval: ({ state }) =>
            againMs(state.error) || (typeof everyMs === 'number' ? everyMs : (everyMs(state.data) ?? false)),
        }),
  });

interface PageOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const kept = { isKept: true } as const;
const keptMs = Number.POSITIVE_INFINITY;

interface PagesOptions {
  readonly isOn?: boolean;
  /** Keeps what was read: it does not change, and is not read again when something else does. */
  readonly isKept?: boolean;
}

/** Reads a list page by page. */
export const usePages = <T>(
  key: readonly unknown[],
  read: (cursor: string | undefined) => Promise<PageOf<T>>,
  { isOn = true, isKept = false }: PagesOptions = {},
) =>
  useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: PageOf<T>) => nextCursor ?? undefined,
    enabled: isOn,
    ...(isKept ? { meta: kept, staleTime: keptMs, gcTime: 0 } : {}),
  });

/** The most pages of a list that is read whole, of a hundred items each. */
const wholePagesMax = 20;

/** A page of a list, as large as it may be. */
interface LargePage {
  readonly limit: number;
  readonly cursor?: string;
}

/** Reads all pages of a list, as far as `wholePagesMax`. */
export const readWhole = async <T>(read: (page: LargePage) => Promise<PageOf<T>>): Promise<readonly T[]> => {
  const found: T[] = [];
  let next: string | null = null;
  for (let page = 0; page < wholePagesMax; page += 1) {
    const { items, nextCursor }: PageOf<T> = await read({ limit: 100, ...(next === null ? {} : { cursor: next }) });
    found.push(...items);
    if (nextCursor === null) break;
    next = nextCursor;
  }
  return found;
};

/** Reads a list whole: what is chosen from, or looked through, has no place for "more". */
export const useWhole = <T>(
  key: readonly unknown[],
  read: (page: LargePage) => Promise<PageOf<T>>,
  isOn = true,
): UseQueryResult<readonly T[]> => useQuery({ queryKey: [...key, 'whole'], queryFn: () => readWhole(read), enabled: isOn });

/**
 * Reads again what is shown, all or what is meant by its key, and forgets what is not shown: who comes back to a screen after a change of their own would be shown
 * the version of before it until the answer is there, and be refused (412) for what they save over that. What does not change is kept.
 */
export const readAnew = (isMeant: (queryKey: readonly unknown[]) => boolean = () => true): Promise<void> => {
  const predicate = ({ meta, queryKey }: Query): boolean => meta?.['isKept'] !== true && isMeant(queryKey);
  queryClient.removeQueries({ predicate: (query) => query.getObserversCount() === 0 && predicate(query) });
  return queryClient.invalidateQueries({ predicate });
};

/** Does something, and has everything that is shown read again afterwards. */
export const useDo = <Input, Output>(
  run: (input: Input) => Promise<Output>,
  onDone?: (output: Output, input: Input) => void,
): UseMutationResult<Output, Error, Input> =>
  useMutation<Output, Error, Input>({
    mutationFn: run,
    onSuccess: (output, input) => onDone?.(output, input),
    onSettled: () => readAnew(),
  });

/** The problem of a read or a change; null where there is none. */
export const problemIn = ({ error }: { readonly error: Error | null }): ProblemError | null =>
  error === null ? null : asProblem(error);
