import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/reading.ts';
import { findSession, sessionStatus, sessionUser } from './api/session.ts';
import { followMailedLink } from './router/router.ts';
import { Shell } from './shell/shell.tsx';
import { applyTheme } from './shell/theme.ts';

applyTheme();
followMailedLink();
void findSession();
// What one account may see, another may not: nothing of it stays.
const readAllAnew = (): void => void queryClient.resetQueries();
sessionStatus.subscribe(readAllAnew);
sessionUser.subscribe(readAllAnew);

// What changes elsewhere is read again, and a session that ended elsewhere is noticed.
import('./api/changes.ts').then(
  ({ followChanges }) => followChanges(),
  () => undefined,
);

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Shell />
    </QueryClientProvider>
  </StrictMode>,
);
