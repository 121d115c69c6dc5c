import { useState } from 'react';
import { call } from '../../api/call.ts';
import { recall } from '../../api/remembered.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { BrokenProof, verifyReceipt, type ProofFault, type Proven } from '../../proof/receipt.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { keyName } from '../audit/prove.ts';
import { auditTexts } from '../audit/texts.ts';
import { verifyTexts } from './texts.ts';

type Outcome = Proven | { readonly fault: ProofFault | 'unreadable' };

/** Checks a receipt with a key. */
const outcomeOf = (receipt: string, key: string): Outcome => {
  try {
    return verifyReceipt(receipt, key);
  } catch (error) {
    return { fault: error instanceof BrokenProof ? error.fault : 'unreadable' };
  }
};

const indented = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

const OutcomeNotice = ({ outcome, logName }: { readonly outcome: Outcome; readonly logName: string }) => {
  const t = useTexts(verifyTexts);
  const a = useTexts(auditTexts);
  if ('fault' in outcome)
    return (
      <Notice look="bad" title={t.fails}>
        <p>{outcome.fault === 'unreadable' ? t.unreadable : a[outcome.fault]}</p>
      </Notice>
    );
  return (
    <>
      <Notice look="good" title={t.holds}>
        <p>{t.holdsText(outcome.index, outcome.head.size, logName)}</p>
        <p>
          {t.leafHash}: <code>{outcome.leafHash}</code>
        </p>
      </Notice>
      <section className="panel" aria-labelledby="logged">
        <h2 id="logged">{t.event}</h2>
        <pre className="value">{indented(outcome.eventText)}</pre>
      </section>
    </>
  );
};

interface KeyFieldParts {
  readonly keyText: string;
  readonly onChange: (key: string) => void;
}

const KeyField = ({ keyText, onChange }: KeyFieldParts) => {
  const t = useTexts(verifyTexts);
  const taking = useDo(() => call('getAuditLogKey'), onChange);
  return (
    <>
      <TextField
        label={t.key}
        hint={t.keyHint}
        value={keyText}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <Problem error={taking.error} />
      <div>
        <Button isBusy={taking.isPending} onClick={() => taking.mutate(undefined)}>
          {t.takeKey}
        </Button>
      </div>
    </>
  );
};

/** Proves a receipt in this browser, with the server gone. */
export const Screen = () => {
  const t = useTexts(verifyTexts);
  const [receipt, setReceipt] = useState('');
  const [key, setKey] = useState(() => recall(keyName) ?? '');
  const isWhole = receipt.trim() !== '' && key.trim() !== '';
  return (
    <Page title={t.title} lead={t.lead}>
      <section className="panel stack" aria-label={t.title}>
        <TextField label={t.file} type="file" onChange={({ target }) => void target.files?.item(0)?.text().then(setReceipt)} />
        <TextArea
          className="code"
          label={t.receipt}
          hint={t.receiptHint}
          rows={6}
          value={receipt}
          spellCheck={false}
          onChange={(event) => setReceipt(event.target.value)}
        />
        <KeyField keyText={key} onChange={setKey} />
      </section>
      {isWhole ? <OutcomeNotice outcome={outcomeOf(receipt, key)} logName={key.split('+')[0] ?? ''} /> : null}
    </Page>
  );
};
