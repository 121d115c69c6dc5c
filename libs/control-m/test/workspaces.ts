/** A workspace as data, of which documents are made. */
export interface JobPlan {
  readonly name: string;
  readonly waits: readonly string[];
  readonly adds: readonly string[];
}
export interface FolderPlan {
  readonly name: string;
  readonly jobs: readonly JobPlan[];
  readonly order: readonly string[];
}

/** The seeded generator mulberry32: numbers from 0 to 1. */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const planOf = (next: () => number): readonly FolderPlan[] => {
  const some = (max: number, make: (n: number) => string): readonly string[] =>
    Array.from({ length: Math.floor(next() * (max + 1)) }, () => make(Math.floor(next() * 6)));
  return Array.from({ length: 2 + Math.floor(next() * 2) }, (_, folder) => {
    const jobs = Array.from({ length: 1 + Math.floor(next() * 4) }, (_unused, job) => ({
      name: `J${job}`,
      waits: some(2, (n) => `e${n}`),
      adds: some(2, (n) => `e${n}`),
    }));
    const order = next() < 0.6 ? jobs.filter(() => next() < 0.7).map(({ name }) => name) : [];
    return { name: `F${folder}`, jobs, order };
  });
};

export const sourceOf = (plan: readonly FolderPlan[]): string =>
  JSON.stringify(
    Object.fromEntries(
      plan.map(({ name, jobs, order }) => [
        name,
        {
          Type: 'Folder',
          ...Object.fromEntries(
            jobs.map((job) => [
              job.name,
              {
                Type: 'Job:Dummy',
                in: { Type: 'WaitForEvents', Events: job.waits.map((Event) => ({ Event })) },
                out: { Type: 'AddEvents', Events: job.adds.map((Event) => ({ Event })) },
              },
            ]),
          ),
          Order: { Type: 'Flow', Sequence: order },
        },
      ]),
    ),
  );

/** Runs everything by trying every job again and again until nothing moves: which jobs end. */
export const naiveRun = (plan: readonly FolderPlan[], given: ReadonlySet<string>): ReadonlySet<string> => {
  const [events, ended] = [new Set(given), new Set<string>()];
  for (let moved = true; moved;) {
    moved = false;
    for (const { name: folder, jobs, order } of plan) {
      for (const { name, waits, adds } of jobs) {
        const before = order.filter((_step, index) => order[index + 1] === name);
        const isReady = waits.every((event) => events.has(event)) && before.every((step) => ended.has(`${folder}/${step}`));
        if (ended.has(`${folder}/${name}`) || !isReady) continue;
        ended.add(`${folder}/${name}`);
        for (const event of adds) events.add(event);
        moved = true;
      }
    }
  }
  return ended;
};

/** The events that somebody waits for and nobody adds. */
export const foreignTo = (plan: readonly FolderPlan[]): ReadonlySet<string> => {
  const jobs = plan.flatMap((folder) => folder.jobs);
  const added = new Set(jobs.flatMap(({ adds }) => adds));
  return new Set(jobs.flatMap(({ waits }) => waits).filter((event) => !added.has(event)));
};

/** One edit of a plan: a job, an event, an order or a folder is taken away or added. */
export const edited = (plan: readonly FolderPlan[], next: () => number): readonly FolderPlan[] => {
  const [at, kind, event] = [Math.floor(next() * plan.length), Math.floor(next() * 6), `e${Math.floor(next() * 7)}`];
  return plan.flatMap((folder, index) => {
    if (index !== at) return [folder];
    const victim = Math.floor(next() * folder.jobs.length);
    const change = (make: (job: JobPlan) => JobPlan) => [
      { ...folder, jobs: folder.jobs.map((job, n) => (n === victim ? make(job) : job)) },
    ];
    if (kind === 0) return [];
    if (kind === 1)
      return [
        {
          ...folder,
          jobs: folder.jobs.filter((_job, n) => n !== victim),
          order: folder.order.filter((step) => step !== folder.jobs[victim]?.name),
        },
      ];
    if (kind === 2) return change((job) => ({ ...job, adds: job.adds.slice(1) }));
    if (kind === 3) return change((job) => ({ ...job, waits: [...job.waits, event] }));
    if (kind === 4) return change((job) => ({ ...job, adds: [...job.adds, event] }));
    return [{ ...folder, order: folder.order.toReversed() }];
  });
};
