import { useEffect, useState, type FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { keepLocalToken } from '../../api/local-token.ts';
import { queryClient } from '../../api/reading.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { decoded } from '../../router/decoded.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';

const texts = defineTexts(
  {
    title: 'Your solo work',
    lead: 'Solo workspaces belong to the user of this machine. The token shows that you are that user; this browser keeps it.',
    token: 'Local token',
    hint: 'The content of the file that make up and make solo name: .data/keys/local-token',
    open: 'Open solo workspaces',
  },
  {
    title: '您的单机工作区',
    lead: '单机工作区属于本机用户。令牌用来证明您就是该用户,并保存在此浏览器中。',
    token: '本机令牌',
    hint: 'make up 和 make solo 会显示该文件:.data/keys/local-token',
    open: '打开单机工作区',
  },
);

/** Keeps the token if the gateway takes it. Throws a ProblemError, and keeps none, if not. */
const openSolo = async (token: string): Promise<void> => {
  keepLocalToken(token);
  try {
    await call('listWorkspaces', { query: { mode: 'solo', limit: 1 } });
  } catch (error) {
    keepLocalToken(null);
    throw error;
  }
  await queryClient.invalidateQueries();
  navigate('/app', { replace: true });
};

/** Takes the local token from the link that the launcher prints, or from the person. */
export const Screen = () => {
  const t = useTexts(texts);
  const [token, setToken] = useState('');
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const given = location.hash.slice(1);
    if (given === '') return;
    navigate('/app/local', { replace: true });
    openSolo(decoded(given)).catch(setError);
  }, []);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    openSolo(token.trim()).catch(setError);
  };
  return (
    <Page title={t.title} lead={t.lead} width="narrow">
      <Problem error={error} />
      <form className="stack" onSubmit={onSubmit}>
        <TextField
          label={t.token}
          hint={t.hint}
          value={token}
          onChange={(event) => setToken(event.target.value)}
          spellCheck={false}
          required
        />
        <div>
          <Button type="submit" look="main">
            {t.open}
          </Button>
        </div>
      </form>
    </Page>
  );
};
