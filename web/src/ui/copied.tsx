import { useRef, useState } from 'react';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Button } from './button.tsx';

const texts = defineTexts({ copy: 'Copy', copied: 'Copied' }, { copy: '复制', copied: '已复制' });

/** Copies a text, also over plain HTTP, where the browser has no clipboard for pages. */
const copyText = async (text: string): Promise<void> => {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
};

/** A text that is meant to be passed on, with a button that copies it. */
export const Copyable = ({ label, text }: { readonly label: string; readonly text: string }) => {
  const t = useTexts(texts);
  const [isCopied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // Where the browser refuses, the text is marked: the keys of the person copy it.
  const copy = (): Promise<void> =>
    copyText(text).then(
      () => setCopied(true),
      () => field.current?.select(),
    );
  return (
    <div className="copyable">
      <input ref={field} readOnly value={text} aria-label={label} onFocus={(event) => event.target.select()} />
      <Button icon={isCopied ? 'check' : 'copy'} onClick={() => void copy()}>
        {isCopied ? t.copied : t.copy}
      </Button>
    </div>
  );
};
