import { useEffect, useId, useRef, type ReactNode } from 'react';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Icon } from './icon.tsx';

const texts = defineTexts({ close: 'Close' }, { close: '关闭' });

interface DialogParts {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly isWide?: boolean;
}

/** A modal dialog: the browser keeps the focus in it, Escape closes it, and the focus goes back where it was. */
export const Dialog = ({ title, onClose, children, isWide = false }: DialogParts) => {
  const t = useTexts(texts);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // A dialog that asks for something begins at what it asks for, not at the button that closes it.
    dialog.current?.querySelector<HTMLElement>('form input, form select, form textarea')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button quiet icon-only" aria-label={t.close} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </dialog>
  );
};
