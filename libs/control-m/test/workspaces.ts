/** A workspace as data, of which documents are made. An event is written as its name, or with its date behind `@`. */
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

/** The dates with which events of a plan are waited for, and added; most of them are the usual one. */
const waitedDates = ['', '', '', '@PreviousOrderDate', '@AnyDate', '@NoDate'];
const addedDates = ['', '', '', '', '@NoDate', '@NextOrderDate'];

/** A plan whose events have dates. */
export const datedPlanOf = (next: () => number): readonly FolderPlan[] => {
  const dated = (dates: readonly string[]) => (event: string) => `${event}${dates[Math.floor(next() * dates.length)] ?? ''}`;
  return planOf(next).map((folder) => ({
    ...folder,
    jobs: folder.jobs.map((job) => ({
      ...job,
      waits: job.waits.map(dated(waitedDates)),
      adds: job.adds.map(dated(addedDates)),
    })),
  }));
};

const eventOf = (written: string): object => {
  const [Event, Date] = written.split('@');
  return { Event, ...(Date === undefined ? {} : { Date }) };
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
                in: { Type: 'WaitForEvents', Events: job.waits.map(eventOf) },
                out: { Type: 'AddEvents', Events: job.adds.map(eventOf) },
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

const daysTried = 24;

/** Tells what an event that is added on a day is: its name, and the day that it is for; `none` is for no day. */
const addedOn = (day: number, written: string): readonly [string, number | 'none'] => {
  const [event = '', date] = written.split('@');
  if (date === 'NoDate') return [event, 'none'];
  return [event, date === 'NextOrderDate' ? day + 1 : day];
};

/** Tells whether an event that is waited for on a day is there. */
const isThere = (days: ReadonlyMap<string, ReadonlySet<number | 'none'>>, day: number, written: string): boolean => {
  const [event = '', date] = written.split('@');
  const there = days.get(event);
  if (there === undefined) return false;
  if (date === 'AnyDate') return there.size > 0;
  if (date === 'NoDate') return there.has('none');
  return there.has(date === 'PreviousOrderDate' ? day - 1 : day);
};

/** Adds what the jobs of a plan add on a day. */
const addAll = (days: Map<string, Set<number | 'none'>>, day: number, adds: readonly string[]): void => {
  for (const [event, on] of adds.map((written) => addedOn(day, written))) {
    days.set(event, (days.get(event) ?? new Set()).add(on));
  }
};

/** Runs a plan day by day. Events are forgotten after two days, beyond which no date reaches. */
const runDays = (plan: readonly FolderPlan[], isForeign: (written: string) => boolean): ReadonlySet<string> => {
  const jobs = plan.flatMap(({ name: folder, jobs: own, order }) => own.map((job) => ({ folder, job, order })));
  const path = ({ folder, job }: (typeof jobs)[number]): string => `${folder}/${job.name}`;
  const all: ReadonlySet<string> = new Set(jobs.map(path));
  let [yesterday, dayBefore] = [all, all];
  for (let day = 1; day <= daysTried; day += 1) {
    const days = new Map<string, Set<number | 'none'>>();
    for (const each of jobs) {
      if (yesterday.has(path(each))) addAll(days, day - 1, each.job.adds);
      if (dayBefore.has(path(each))) addAll(days, day - 2, each.job.adds);
    }
    const ended = new Set<string>();
    for (let moved = true; moved;) {
      moved = false;
      for (const each of jobs) {
        const { folder, job, order } = each;
        const before = order.filter((_step, index) => order[index + 1] === job.name);
        const isReady =
          job.waits.every((written) => isForeign(written) || isThere(days, day, written)) &&
          before.every((step) => ended.has(`${folder}/${step}`));
        if (ended.has(path(each)) || !isReady) continue;
        ended.add(path(each));
        addAll(days, day, job.adds);
        moved = true;
      }
    }
    [yesterday, dayBefore] = [ended, yesterday];
  }
  return yesterday;
};

/** Finds what ends in the end, before and after a change: what was waited for before and never added comes from elsewhere. */
export const naiveDays = (before: readonly FolderPlan[], after: readonly FolderPlan[]) => {
  const jobs = before.flatMap((folder) => folder.jobs);
  const always = new Map<string, Set<number | 'none'>>();
  for (const day of [-2, -1, 0]) for (const { adds } of jobs) addAll(always, day, adds);
  const foreign = new Set(jobs.flatMap(({ waits }) => waits).filter((written) => !isThere(always, 0, written)));
  const isForeign = (written: string): boolean => foreign.has(written);
  return [runDays(before, isForeign), runDays(after, isForeign)] as const;
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
