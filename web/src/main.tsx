import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '@/api/query';
import { router } from '@/app/router';
import { session } from '@/app/session';
import { giveStylesTheNonce } from '@/app/style-nonce';
import { Theme } from '@/app/theme';
import { startWords } from '@/i18n';
import './app/base.css';

async function start() {
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
