import { useId, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { Command, CommandGroup } from './command.ts';
import './palette.css';
import { paletteTexts } from './texts.ts';
import { useGroups } from './use-groups.ts';

interface OptionsParts {
  readonly listId: string;
  readonly groups: readonly CommandGroup[];
  readonly chosenId: string | undefined;
  readonly onRun: (command: Command) => void;
}

const optionId = (listId: string, { id }: Command): string => `${listId}-${id}`;

const Option = ({ listId, command, chosenId, onRun }: Omit<OptionsParts, 'groups'> & { readonly command: Command }) => (
  <div
    id={optionId(listId, command)}
    role="option"
    tabIndex={-1}
    aria-selected={command.id === chosenId}
    className="palette-option"
    ref={(element) => {
      if (command.id === chosenId) element?.scrollIntoView({ block: 'nearest' });
    }}
    // The input keeps the focus.
    onMouseDown={(event) => event.preventDefault()}
    onClick={() => onRun(command)}
    onKeyDown={({ key }) => {
      if (key === 'Enter') onRun(command);
    }}
  >
    <span>{command.label}</span>
    {command.note === undefined ? null : <span className="muted">{command.note}</span>}
  </div>
);

const Options = ({ groups, ...rest }: OptionsParts) => {
  const t = useTexts(paletteTexts);
  const { listId } = rest;
  return (
    <div id={listId} role="listbox" tabIndex={-1} aria-label={t.results} className="palette-list">
      {groups.map(({ name, commands }, index) => (
        // Names of kinds have blanks, at which a list of ids is divided.
        <div key={name} role="group" aria-labelledby={`${listId}-group-${index}`}>
          <div id={`${listId}-group-${index}`} className="palette-group">
            {name}
          </div>
          {commands.map((command) => (
            <Option key={command.id} command={command} {...rest} />
          ))}
        </div>
      ))}
    </div>
  );
};

/** Where a key leads from one of so many commands. */
const stepOf = (key: string): number => (key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0);

/** The chosen command of what was found, and how keys choose and run one: the combobox pattern of the ARIA Authoring Practices Guide. */
const useChoice = (commands: readonly Command[], onRun: (command: Command) => void) => {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const index = Math.max(
    0,
    commands.findIndex(({ id }) => id === chosenId),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = commands[index];
    if (event.nativeEvent.isComposing || chosen === undefined) return;
    const step = stepOf(event.key);
    if (step !== 0) setChosenId(commands.at((index + step) % commands.length)?.id ?? null);
    else if (event.key === 'Enter') onRun(chosen);
    else return;
    event.preventDefault();
  };
  return { chosen: commands[index], onKeyDown, forget: () => setChosenId(null) };
};

/** Finds pages, workspaces, scripts, communities and actions by what is typed. */
export const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(paletteTexts);
  const listId = useId();
  const [text, setText] = useState('');
  const groups = useGroups(text.trim());
  const commands = groups.flatMap((group) => group.commands);
  const onRun = (command: Command): void => {
    onClose();
    command.run();
  };
  const { chosen, onKeyDown, forget } = useChoice(commands, onRun);
  return (
    <Dialog title={t.title} onClose={onClose}>
      <form className="palette" onSubmit={(event) => event.preventDefault()}>
        <input
          type="text"
          role="combobox"
          aria-label={t.label}
          aria-expanded={commands.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : optionId(listId, chosen)}
          placeholder={t.placeholder}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            forget();
          }}
          onKeyDown={onKeyDown}
        />
        <Options listId={listId} groups={groups} chosenId={chosen?.id} onRun={onRun} />
        <p className="muted" role="status">
          {commands.length === 0 ? t.none : `${t.found(commands.length)}. ${t.hint}`}
        </p>
      </form>
    </Dialog>
  );
};
