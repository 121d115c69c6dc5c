import { useState } from 'react';
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
  return (
    <div className="copyable">
      <input readOnly value={text} aria-label={label} onFocus={(event) => event.target.select()} />
      <Button icon={isCopied ? 'check' : 'copy'} onClick={() => void copyText(text).then(() => setCopied(true))}>
        {isCopied ? t.copied : t.copy}
      </Button>
    </div>
  );
};
