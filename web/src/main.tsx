import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '@/api/query';
import { preferences } from '@/app/preferences';
import { router } from '@/app/router';
import { session } from '@/app/session';
import { giveStylesTheNonce } from '@/app/style-nonce';
import { Theme } from '@/app/theme';
import { startWords } from '@/i18n';
import './app/base.css';

/** The frame that is needed first is fetched while session and words are on their way. */
function fetchFrame() {
  const frame: Promise<unknown> = preferences.read('session') === 'yes' ? import('@/app/shell/shell') : import('@/app/login/login-page');
  frame.catch(() => undefined);
}

async function start() {
  fetchFrame();
  // A server that is away is told by the sign-in page and the banner, not by a white page.
  await Promise.all([startWords(), session.start().catch(() => undefined)]);
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Theme>
          <RouterProvider router={router} />
        </Theme>
      </QueryClientProvider>
    </StrictMode>,
  );
}

giveStylesTheNonce();
void start();
