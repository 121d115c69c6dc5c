import { useState } from 'react';
import { curlOf, sentReads } from '../api/sent-reads.ts';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Copyable } from '../ui/copied.tsx';
import { Dialog } from '../ui/dialog.tsx';

const texts = defineTexts(
  {
    title: 'The requests behind this page',
    lead: 'Each as a command, the last one first. Put your tokens into TOKEN and LOCAL_TOKEN: they do not stand here.',
    none: 'This page has asked for nothing.',
  },
  {
    title: '本页背后的请求',
    lead: '每个请求都写成命令,最近的在前。请将您的令牌放入 TOKEN 和 LOCAL_TOKEN,此处不显示令牌。',
    none: '本页没有发出请求。',
  },
);

/** The reads that the page was made of, each to be copied as a curl command. */
export const Requests = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(texts);
  // As it was when it was asked for: what is read again meanwhile would move under the hand.
  const [{ items }] = useState(sentReads.get);
  return (
    <Dialog title={t.title} isWide onClose={onClose}>
      <div className="stack">
        <p className="muted">{items.length === 0 ? t.none : t.lead}</p>
        {items.map((read) => (
          <div key={read.address} className="stack">
            <code>{read.name}</code>
            <Copyable label={read.name} text={curlOf(read)} />
          </div>
        ))}
      </div>
    </Dialog>
  );
};
