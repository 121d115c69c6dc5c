import { settingNames } from '@guildhall/contracts';
import { readText } from '@guildhall/principal';
import { parseIpNetwork, refusePlaceholder, refusePlaceholderIn, type IpNetwork } from '@guildhall/resources';
import { unknownSettings } from './unknown-settings.ts';

export type { IpNetwork } from '@guildhall/resources';

/**
 * Reads settings from the environment and collects every fault, so that one start reports them all. `finish` throws an Error
 * with one line for each fault. A secret may stand in the file that `<name>_FILE` names. Placeholders of example files are faults, also in an address, and so
 * are names that were meant for a setting and are none.
 */
export interface EnvironmentSettings {
  text(name: string): string;
  text(name: string, fallback: string): string;
  optional(name: string): string | null;
  /** An address whose scheme is one of `schemes`; null when the setting is not there. */
  address(name: string, schemes: readonly string[]): string | null;
  /** Reads an address like `address`; a missing setting is a fault. */
  requiredAddress(name: string, schemes: readonly string[]): string;
  /** Reads one of `words`; the fallback if the setting is absent. */
  oneOf<Word extends string>(name: string, words: readonly Word[], fallback: NoInfer<Word>): Word;
  /** IP addresses and networks, separated by commas; no networks for `none`, null when the setting is not there. */
  networks(name: string): readonly IpNetwork[] | null;
  integer(name: string, fallback: number, range: { readonly min: number; readonly max: number }): number;
  /** Runs `reader`. If it throws, records the fault and returns `fallback`. */
  read<T>(reader: () => T, fallback: T): T;
  finish(): void;
}

/** The `read` of settings whose faults are collected here. */
const readerWith =
  (faults: Set<string>): EnvironmentSettings['read'] =>
  (reader, fallback) => {
    try {
      return reader();
    } catch (error) {
      faults.add(error instanceof Error ? error.message : String(error));
      return fallback;
    }
  };

export const readSettings = (env: NodeJS.ProcessEnv): EnvironmentSettings => {
  const faults = new Set<string>();
  const read = readerWith(faults);
  const given = (name: string): string | undefined => {
    // Only a secret is looked for in a file.
    if (settingNames.has(`${name}_FILE`)) return read(() => readText(env, name), undefined)?.trim();
    const text = env[name] === '' ? undefined : env[name];
    read(() => refusePlaceholder(name, text ?? ''), undefined);
    return text;
  };
  const address = (name: string, schemes: readonly string[]): string | null => {
    const text = given(name);
    if (text === undefined) return null;
    read(() => refusePlaceholderIn(name, text), undefined);
    if (!schemes.includes(URL.parse(text)?.protocol.slice(0, -1) ?? '')) {
      faults.add(`${name} must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}.`);
    }
    return text;
  };
  return {
    text(name: string, fallback?: string): string {
      const value = given(name) ?? fallback;
      if (value === undefined) faults.add(`${name} is missing.`);
      return value ?? '';
    },
    optional: (name) => given(name) ?? null,
    address,
    requiredAddress(name, schemes) {
      const text = address(name, schemes);
      if (text === null) faults.add(`${name} is missing.`);
      return text ?? '';
    },
    oneOf(name, words, fallback) {
      const word = words.find((one) => one === (given(name) ?? fallback));
      if (word === undefined) faults.add(`${name} must be one of ${words.join(', ')}.`);
      return word ?? fallback;
    },
    networks(name) {
      const text = given(name);
      if (text === undefined) return null;
      const networks = text === 'none' ? [] : text.split(',').map((word) => parseIpNetwork(word.trim()));
      const known = networks.filter((network) => network !== null);
      if (known.length < networks.length)
        faults.add(`${name} must be "none", or addresses and networks such as 10.0.0.0/8, separated by commas.`);
      return known;
    },
    integer(name, fallback, { min, max }) {
      const text = given(name) ?? String(fallback);
      const value = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isSafeInteger(value) || value < min || value > max)
        faults.add(`${name} must be a whole number from ${min} to ${max}.`);
      return value;
    },
    read,
    finish() {
      for (const fault of unknownSettings(Object.keys(env))) faults.add(fault);
      if (faults.size > 0) throw new Error(`The configuration is not complete:\n  ${[...faults].join('\n  ')}`);
    },
  };
};

/** The schemes of addresses that several services read. */
export const httpSchemes = ['http', 'https'] as const;
export const databaseSchemes = ['postgres', 'postgresql'] as const;
/** Redis or Valkey, or the database itself. */
export const queueSchemes = ['redis', 'rediss', 'postgres', 'postgresql'] as const;
