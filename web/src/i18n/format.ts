import { useStore } from '../api/store.ts';
import { language } from './texts.ts';

interface Format {
  /** A point in time, to the minute. */
  readonly time: (iso: string) => string;
  /** A point in time, to the millisecond. */
  readonly exact: (iso: string) => string;
  /** A day in UTC. */
  readonly day: (iso: string) => string;
  /** How long ago: "3 minutes ago". */
  readonly ago: (iso: string) => string;
  readonly number: (value: number) => string;
}

const steps: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const formatOf = (locale: string): Format => {
  const minute = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const number = new Intl.NumberFormat(locale);
  return {
    time: (iso) => minute.format(new Date(iso)),
    exact: (iso) => exact.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    ago: (iso) => {
      const seconds = (new Date(iso).getTime() - new Date().getTime()) / 1_000;
      const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
      return relative.format(Math.round(seconds / size), unit);
    },
    number: (value) => number.format(value),
  };
};

const formats = { en: formatOf('en'), zh: formatOf('zh-CN') };

export const useFormat = (): Format => formats[useStore(language)];
