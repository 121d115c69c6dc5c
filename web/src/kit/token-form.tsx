import { useState } from 'react';
import type { CallOf } from '../api/call.ts';
import { faultOf } from '../api/problem.ts';
import { useDo } from '../api/reading.ts';
import { tokenPermissions } from '../api/rights.ts';
import { useTexts } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copied.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { submitting, TextField } from '../ui/field.tsx';
import { Notice, Problem } from '../ui/notice.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { tokenTexts } from './token-texts.ts';

export type NewToken = CallOf<'createPersonalToken'>['body'];
type Permission = NewToken['permissions'][number];

/** A new token, which is shown this once. */
const Made = ({ token, onClose }: { readonly token: string; readonly onClose: () => void }) => {
  const t = useTexts(tokenTexts);
  return (
    <div className="stack">
      <Notice look="good">{t.shown}</Notice>
      <Copyable label={t.token} text={token} />
      <div>
        <Button look="main" onClick={onClose}>
          {t.done}
        </Button>
      </div>
    </div>
  );
};

const DaysField = ({ days, onChange }: { readonly days: string; readonly onChange: (days: string) => void }) => {
  const t = useTexts(tokenTexts);
  return (
    <TextField
      label={t.days}
      type="number"
      min={1}
      max={365}
      value={days}
      onChange={(event) => onChange(event.target.value)}
      required
    />
  );
};

interface TokenDialogParts<Body> {
  readonly run: (body: Body) => Promise<{ readonly token: string }>;
  readonly onClose: () => void;
}

const TokenForm = ({ run, onClose }: TokenDialogParts<NewToken>) => {
  const t = useTexts(tokenTexts);
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [permissions, setPermissions] = useState<readonly Permission[]>([]);
  const creation = useDo(() => run({ name: name.trim(), permissions: [...permissions], expiresInDays: Number(days) }));
  if (creation.data !== undefined) return <Made token={creation.data.token} onClose={onClose} />;
  return (
    <form className="stack" onSubmit={submitting(() => creation.mutate(undefined))}>
      <Problem error={creation.error} />
      <TextField
        label={t.tokenName}
        value={name}
        fault={faultOf(creation.error, 'name')}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
        required
      />
      <DaysField days={days} onChange={setDays} />
      <PermissionPicker legend={t.may} offered={tokenPermissions} chosen={permissions} onChange={setPermissions} />
      <div>
        <Button type="submit" look="main" isBusy={creation.isPending} disabled={permissions.length === 0}>
          {t.newToken}
        </Button>
      </div>
    </form>
  );
};

/** Asks what a new token is for and may do, and shows it. */
export const NewTokenDialog = (parts: TokenDialogParts<NewToken>) => (
  <Dialog title={useTexts(tokenTexts).newToken} onClose={parts.onClose}>
    <TokenForm {...parts} />
  </Dialog>
);

const RotationForm = ({ run, onClose }: TokenDialogParts<Pick<NewToken, 'expiresInDays'>>) => {
  const t = useTexts(tokenTexts);
  const [days, setDays] = useState('90');
  const rotation = useDo(() => run({ expiresInDays: Number(days) }));
  if (rotation.data !== undefined) return <Made token={rotation.data.token} onClose={onClose} />;
  return (
    <form className="stack" onSubmit={submitting(() => rotation.mutate(undefined))}>
      <p>{t.rotateText}</p>
      <Problem error={rotation.error} />
      <DaysField days={days} onChange={setDays} />
      <div>
        <Button type="submit" look="main" isBusy={rotation.isPending}>
          {t.rotate}
        </Button>
      </div>
    </form>
  );
};

/** Replaces a token by one of the same name and permissions, and shows it. */
export const RotationDialog = ({
  name,
  ...parts
}: TokenDialogParts<Pick<NewToken, 'expiresInDays'>> & { readonly name: string }) => (
  <Dialog title={useTexts(tokenTexts).rotateOne(name)} onClose={parts.onClose}>
    <RotationForm {...parts} />
  </Dialog>
);
