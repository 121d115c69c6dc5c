import './file-drop.css';
import { Icon } from './icon.tsx';

interface FileDropParts {
  readonly label: string;
  /** The endings and media types that are offered. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files, chosen or dropped: the field of the browser takes both, and covers all of its label. */
export const FileDrop = ({ label, accept, multiple = false, onFiles }: FileDropParts) => (
  <label className="drop">
    <Icon name="inbox" />
    {label}
    <input
      type="file"
      multiple={multiple}
      accept={accept}
      onChange={({ target }) => {
        onFiles(Array.from(target.files ?? []));
        // A file that was mended meanwhile may be chosen again: a field that has it already would tell of no change.
        target.value = '';
      }}
    />
  </label>
);
