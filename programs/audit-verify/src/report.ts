import type { Finding, FindingKind } from './finding.ts';
import type { Answer } from './verify.ts';

const words: Readonly<Record<FindingKind, string>> = {
  altered: 'altered',
  missing: 'missing',
  added: 'added',
  repeated: 'repeated',
  reordered: 'reordered',
  different: 'different from what was signed: the first difference lies at',
  'rolled-back': 'rolled back: missing',
  forged: 'forged',
  hashes: 'tiles altered',
  untold: 'removed without being told of',
};

const indexes = (index: number, to: number): string => (to > index ? `indexes ${index} to ${to}` : `index ${index}`);

const findingText = ({ kind, index, to, line, eventId, reason }: Finding): string => {
  if (index === null) return `${words[kind]}: ${reason}`;
  const separator = words[kind].includes(':') ? ' ' : ': ';
  const where = [line === null ? '' : `line ${line}`, eventId === null ? '' : `event ${eventId}`].filter((part) => part !== '');
  return `${words[kind]}${separator}${indexes(index, to ?? index)}${where.length === 0 ? '' : ` (${where.join(', ')})`}. ${reason}`;
};

const provenText = ({ verdict: { finding, provenUpTo } }: Answer): string[] => {
  if (finding === null || finding.index === null || finding.kind === 'rolled-back') return [];
  if (provenUpTo >= finding.index)
    return [provenUpTo === 0 ? 'No event comes before it.' : `The ${provenUpTo} events before it are proven.`];
  const before = indexes(provenUpTo, finding.index - 1);
  return [`${provenUpTo} events are proven; ${before} may be different too: tiles, or checkpoints kept in between, would tell.`];
};

const grownText = (sizes: readonly number[]): string => {
  if (sizes.length === 0) return '';
  if (sizes.length === 1) return `, grown from the checkpoint of size ${sizes.join()}`;
  return `, grown from ${sizes.length} checkpoints of sizes ${sizes[0]} to ${sizes.at(-1)}`;
};

/** Describes the removed events. */
const removedText = ({ verdict: { removed, vague } }: Answer): string[] => {
  if (removed.pruned + removed.redacted === 0) return [];
  const gone = `${removed.pruned} of them were pruned and ${removed.redacted} redacted: their hashes are proven, their content is gone.`;
  if (vague === 0) return [`${gone} The trail tells of each.`];
  return [`${gone} An earlier version of the service told only how many: ${vague} may be those, or made up.`];
};

const wholeText = (answer: Answer): string[] => {
  const { checkpoint, older, verdict } = answer;
  const { younger } = verdict;
  if (checkpoint === null) return [];
  const grown = grownText(older.map(({ size }) => size).toSorted((a, b) => a - b));
  const signers = checkpoint.signedBy.join(', ');
  return [
    `whole: ${checkpoint.size} events, root ${checkpoint.root.toString('base64')}, signed by ${signers}${grown}`,
    ...removedText(answer),
    ...(younger === 0 ? [] : [`${younger} more events are younger than the checkpoint and not proven.`]),
    ...(older.length === 0
      ? ['No older checkpoint was given: this does not tell whether the log was written anew and signed again.']
      : []),
  ];
};

/** The answer for a reader, line by line. */
export const reportText = (answer: Answer): readonly string[] => {
  const { finding } = answer.verdict;
  const lines = finding === null ? wholeText(answer) : [findingText(finding), ...provenText(answer)];
  return [...lines, ...answer.remarks];
};

/** The answer for a machine: one object. */
export const reportJson = ({ checkpoint, older, verdict, remarks }: Answer): unknown => ({
  answer: verdict.finding === null ? 'whole' : 'broken',
  origin: checkpoint?.origin ?? null,
  size: checkpoint?.size ?? null,
  root: checkpoint?.root.toString('base64') ?? null,
  signedBy: checkpoint?.signedBy ?? [],
  older: older.map(({ size }) => size).toSorted((a, b) => a - b),
  finding: verdict.finding,
  provenUpTo: verdict.provenUpTo,
  removed: verdict.removed,
  told: verdict.told,
  vague: verdict.vague,
  younger: verdict.younger,
  remarks,
});
