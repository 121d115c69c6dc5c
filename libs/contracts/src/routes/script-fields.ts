import { Type } from 'typebox';
import { choiceField, deletedField, Description, field, Name, pageFields, SoughtText, Timestamp, UserId } from '../fields.ts';
import { languageName, storableText, visibleLine } from '../patterns.ts';

/** The fields of scripts, and what their lists are asked for. */

/** The longest script text, in characters; a request body may hold it escaped. */
export const scriptContentCharactersMax = 500_000;

/** One page of a search reads at most this many scripts, and at most this much of their texts beyond the first script, in bytes. */
export const scriptsPerSearchPageMax = 1_000;
export const bytesPerSearchPageMax = 16_777_216;

const scriptTagsMax = 20;

export const ScriptName = field(Name, 'The name of the script.', 'load-orders.sh');
export const Content = Type.String({
  maxLength: scriptContentCharactersMax,
  pattern: storableText,
  description: 'The text of the script.',
  examples: ['#!/bin/sh\nset -eu\nexec load-orders --since yesterday\n'],
});
/** A lower-case name of a language, as editors use it. */
export const Language = Type.String({
  pattern: languageName,
  description: 'The language, by the lower-case name that editors use.',
  examples: ['shell'],
});

export const ScriptDescription = field(
  Description,
  'What the script is for. Not a part of its versions.',
  'Loads the orders of the day.',
);
const Tag = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: visibleLine,
  description: 'A word by which the script is found.',
  examples: ['orders'],
});
export const Tags = Type.Array(Tag, {
  maxItems: scriptTagsMax,
  uniqueItems: true,
  description: 'Words by which the script is found. Not a part of its versions.',
  examples: [['orders', 'nightly']],
});

/** The query of the list of scripts. */
export const scriptListFields = {
  ...pageFields,
  q: Type.Optional(
    field(
      SoughtText,
      `Only those whose name or text contains this text, in any case. One page reads at most ${scriptsPerSearchPageMax} scripts and ${bytesPerSearchPageMax / 1_048_576} MiB of text: it may hold fewer items than \`limit\`, or none, and still name a next page.`,
      'load-orders',
    ),
  ),
  language: Type.Optional(field(Language, 'Only those in this language.', 'shell')),
  tag: Type.Optional(field(Tag, 'Only those with this tag.', 'orders')),
  changedSince: Type.Optional(field(Timestamp, 'Only those changed at this time or later.', '2026-01-31T08:30:00.000Z')),
  changedBy: Type.Optional(field(UserId, 'Only those whose last version this user saved; `solo` in the solo file.')),
  sort: choiceField(
    ['newest', 'name', 'changed'],
    'The order: the newest first, by name, or the last changed first. What changes while pages are read moves to the front of the last one.',
  ),
  state: deletedField('The deleted scripts, for callers who may restore them.'),
};
