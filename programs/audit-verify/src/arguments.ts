import { parseArgs } from 'node:util';
import { InputError } from './input-error.ts';

export const help = `Proves that an exported audit trail is whole, or that a receipt holds, without database and network.

  node programs/audit-verify/src/main.ts --checkpoint FILE --key KEY [--older FILE]... [--tiles PATH] [EXPORT]

  node programs/audit-verify/src/main.ts --receipt FILE --key KEY

  EXPORT             the export, NDJSON; standard input without it, or as -
  --checkpoint FILE  the signed checkpoint that the export is held to
  --key KEY          who must have signed it, name+hash+base64, or a file with that line; may be given again after a change of keys
  --receipt FILE     a receipt of one event: it is proven by itself, and printed
  --older FILE       a checkpoint kept elsewhere: the log must have grown from it; may be given again
  --tiles PATH       the log's leaf hashes, a folder with tile/0/... or a file of them: tells the exact index in every case
  --allow-younger    events after the checkpoint's are counted as not proven, not called added
  --json             one object for machines
  --help             this text

Ends with 0 when it is whole, 1 when something was altered, is missing, was added or moved, 2 when the input cannot be judged.
`;

export interface ReceiptArguments {
  readonly receipt: string;
  readonly keys: readonly string[];
}

export interface Arguments {
  /** The path of the export; null: standard input. */
  readonly exportFile: string | null;
  readonly checkpoint: string;
  readonly older: readonly string[];
  readonly keys: readonly string[];
  readonly tiles: string | null;
  readonly isYoungerAllowed: boolean;
}

const options = {
  checkpoint: { type: 'string' },
  receipt: { type: 'string' },
  key: { type: 'string', multiple: true },
  older: { type: 'string', multiple: true },
  tiles: { type: 'string' },
  'allow-younger': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new InputError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${help}`, { cause });
  }
};

/** Parses the command line. Throws InputError, with the help, for a command that is not understood. */
export const readArguments = (args: readonly string[]): Arguments | ReceiptArguments => {
  const { values, positionals } = parse(args);
  const { checkpoint, receipt, key = [], older = [], tiles = null } = values;
  if (receipt !== undefined) {
    const isAlone = checkpoint === undefined && older.length === 0 && tiles === null && positionals.length === 0;
    if (isAlone && key.length > 0) return { receipt, keys: key };
    throw new InputError(`A receipt is proven with a key, and with nothing else.\n\n${help}`);
  }
  if (checkpoint === undefined || key.length === 0 || positionals.length > 1) {
    throw new InputError(`A checkpoint, a key and at most one export are needed.\n\n${help}`);
  }
  const [exportFile = '-'] = positionals;
  return {
    exportFile: exportFile === '-' ? null : exportFile,
    checkpoint,
    older,
    keys: key,
    tiles,
    isYoungerAllowed: values['allow-younger'] === true,
  };
};
