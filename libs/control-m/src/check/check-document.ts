import type { OffsetFinding } from '../finding.ts';
import { partsOf, type Jobs } from '../graph/dependencies.ts';
import type { ObjectNode } from '../json/nodes.ts';
import { jobsOf } from '../model/objects.ts';
import { checkCycles, checkEvents, checkFlows, surroundingsOf, type Surroundings } from './check-dependencies.ts';
import { checkLengths, checkRequired, checkSecrets } from './check-objects.ts';
import { checkNames, type NamingRule } from './naming-rules.ts';

export interface CheckContext {
  /** The `Defaults` of the document. */
  readonly defaults?: ObjectNode | undefined;
  /** Everything around the jobs; they are alone where it is not said. */
  readonly surroundings?: Surroundings;
  readonly namingRules?: readonly NamingRule[];
}

/** Everything that the checks find in folders and jobs of one text. */
export const checkJobs = (
  jobs: Jobs,
  { defaults, surroundings = surroundingsOf(jobs), namingRules = [] }: CheckContext,
): readonly OffsetFinding[] => [
  ...checkFlows(jobs, surroundings),
  ...checkCycles(jobs, surroundings),
  ...checkEvents(jobs, surroundings),
  ...jobsOf(jobs).flatMap((job) => checkRequired(job, defaults)),
  ...partsOf(jobs).flatMap(checkLengths),
  ...jobs.folders.flatMap(({ node, pointer }) => checkSecrets(node, pointer)),
  ...jobs.looseJobs.flatMap(({ node, pointer }) => checkSecrets(node, pointer)),
  ...checkNames(jobs, namingRules),
];
