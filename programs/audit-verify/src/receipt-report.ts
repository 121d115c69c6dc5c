import type { ReceiptAnswer } from './receipt.ts';

/** Control and direction characters, which a terminal would obey. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The JSON of an event as a terminal can show it: the same value, written in harmless characters. */
const shown = (json: string): string =>
  json.replaceAll(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The answer for a reader, line by line. */
export const receiptText = ({ checkpoint, index, eventText, fault }: ReceiptAnswer): readonly string[] => {
  if (fault !== null || checkpoint === null) return [`altered: ${fault ?? ''}`];
  const { origin, size, signedBy, notChecked } = checkpoint;
  return [
    `proven: this event is at index ${index} of ${origin}, signed at ${size} events by ${signedBy.join(', ')}`,
    shown(eventText),
    ...(notChecked.length === 0 ? [] : [`Not checked, since no key was given: the signature of ${notChecked.join(', ')}.`]),
  ];
};

/** The answer for a machine: one object. An event that is not proven is not in it. */
export const receiptJson = ({ checkpoint, index, eventText, fault }: ReceiptAnswer): unknown => ({
  answer: fault === null ? 'proven' : 'altered',
  origin: checkpoint?.origin ?? null,
  size: checkpoint?.size ?? null,
  signedBy: checkpoint?.signedBy ?? [],
  notChecked: checkpoint?.notChecked ?? [],
  index,
  event: fault === null ? (JSON.parse(eventText) as unknown) : null,
  fault,
});
