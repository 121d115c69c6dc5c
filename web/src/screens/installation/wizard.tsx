import type { InstallationRun } from '@guildhall/contracts';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { localToken } from '../../api/local-token.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { keepSetupToken, setupToken } from '../../api/setup-token.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { OwnerFields, type Owner } from './owner-fields.tsx';
import { Report } from './report.tsx';
import { RunSteps } from './run-steps.tsx';
import { installationTexts } from './texts.ts';

interface Address {
  readonly databaseUrl: string;
  readonly queueUrl: string;
}

const bodyOf = ({ databaseUrl, queueUrl }: Address) => ({
  databaseUrl: databaseUrl.trim(),
  ...(queueUrl.trim() === '' ? {} : { queueUrl: queueUrl.trim() }),
});

interface AddressFieldsParts {
  readonly address: Address;
  readonly error: unknown;
  readonly onChange: (address: Address) => void;
}

const AddressFields = ({ address, error, onChange }: AddressFieldsParts) => {
  const t = useTexts(installationTexts);
  const needsToken = useStore(localToken) === null;
  const token = useStore(setupToken) ?? '';
  return (
    <>
      {needsToken ? (
        <TextField
          label={t.token}
          hint={t.tokenHint}
          value={token}
          onChange={(event) => keepSetupToken(event.target.value === '' ? null : event.target.value)}
          spellCheck={false}
          required
        />
      ) : null}
      <TextField
        label={t.database}
        hint={t.databaseHint}
        value={address.databaseUrl}
        fault={faultOf(error, 'databaseUrl')}
        onChange={(event) => onChange({ ...address, databaseUrl: event.target.value })}
        spellCheck={false}
        required
      />
      <details>
        <summary>{t.optional}</summary>
        <TextField
          label={t.queue}
          hint={t.queueHint}
          value={address.queueUrl}
          fault={faultOf(error, 'queueUrl')}
          onChange={(event) => onChange({ ...address, queueUrl: event.target.value })}
          spellCheck={false}
        />
      </details>
    </>
  );
};

/** Connects a shared database: test it, name the owner, watch the steps. */
export const Wizard = ({ run }: { readonly run: InstallationRun | null }) => {
  const t = useTexts(installationTexts);
  const token = useStore(setupToken);
  const [address, setAddress] = useState<Address>({ databaseUrl: '', queueUrl: '' });
  const [owner, setOwner] = useState<Owner>({ displayName: '', email: '', password: '' });
  const test = useDo(() => call('testDatabase', { body: bodyOf(address), setupToken: token }));
  const needsOwner = test.data?.holds !== 'guildhall';
  const connection = useDo(() =>
    call('configureInstallation', {
      body: { ...bodyOf(address), ...(needsOwner ? { administrator: owner } : {}) },
      setupToken: token,
    }),
  );
  if (run?.status === 'running') return <RunSteps run={run} />;
  const isTested = test.data?.isUsable === true;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isTested) connection.mutate(undefined);
    else test.mutate(undefined);
  };
  const onAddress = (next: Address): void => {
    setAddress(next);
    test.reset();
  };
  return (
    <>
      {run?.status === 'failed' ? <RunSteps run={run} /> : null}
      <form className="stack panel" onSubmit={onSubmit}>
        <AddressFields address={address} error={test.error ?? connection.error} onChange={onAddress} />
        <Problem error={test.error ?? connection.error} />
        {test.data === undefined ? null : <Report report={test.data} />}
        {isTested && needsOwner ? <OwnerFields owner={owner} error={connection.error} onChange={setOwner} /> : null}
        <div>
          <Button type="submit" look="main" isBusy={test.isPending || connection.isPending}>
            {isTested ? t.connect : t.test}
          </Button>
        </div>
      </form>
    </>
  );
};
