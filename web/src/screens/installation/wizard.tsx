import type { DatabaseReport, InstallationRun } from '@guildhall/contracts';
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

const nobody: Owner = { displayName: '', email: '', password: '' };

/**
 * Whether an owner is to be named. A database with tables has one; but for one whose installation failed before it was made: that is
 * offered, too.
 */
const ownerNeed = (run: InstallationRun | null, holds: DatabaseReport['holds'] | undefined): 'must' | 'may' | 'no' => {
  if (holds !== 'guildhall' || run?.fault?.code === 'ADMINISTRATOR_REQUIRED') return 'must';
  return run?.status === 'failed' ? 'may' : 'no';
};

/** The form with its two requests: the database is tested, and then connected with an owner where it has none. */
const useConnection = (run: InstallationRun | null) => {
  const token = useStore(setupToken);
  const [address, setAddress] = useState<Address>({ databaseUrl: '', queueUrl: '' });
  const [owner, setOwner] = useState(nobody);
  const test = useDo(() => call('testDatabase', { body: bodyOf(address), setupToken: token }));
  const need = ownerNeed(run, test.data?.holds);
  const connection = useDo(() =>
    call('configureInstallation', {
      body: {
        ...bodyOf(address),
        ...(need === 'must' || (need === 'may' && owner.email !== '') ? { administrator: owner } : {}),
      },
      setupToken: token,
    }),
  );
  return { address, setAddress, owner, setOwner, test, connection, need };
};

/** Connects a shared database: test it, name the owner, watch the steps. */
export const Wizard = ({ run }: { readonly run: InstallationRun | null }) => {
  const t = useTexts(installationTexts);
  const { address, setAddress, owner, setOwner, test, connection, need } = useConnection(run);
  if (run?.status === 'running') return <RunSteps run={run} />;
  const isTested = test.data?.isUsable === true;
  const isAgain = run?.status === 'failed';
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
      {isAgain ? <RunSteps run={run} /> : null}
      <form className="stack panel" onSubmit={onSubmit}>
        <AddressFields address={address} error={test.error ?? connection.error} onChange={onAddress} />
        <Problem error={test.error ?? connection.error} />
        {test.data === undefined ? null : <Report report={test.data} />}
        {isTested && need !== 'no' ? (
          <OwnerFields owner={owner} isRequired={need === 'must'} error={connection.error} onChange={setOwner} />
        ) : null}
        <div>
          <Button type="submit" look="main" isBusy={test.isPending || connection.isPending}>
            {isTested ? (isAgain ? t.again : t.connect) : t.test}
          </Button>
        </div>
      </form>
    </>
  );
};
