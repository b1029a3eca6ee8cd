import { lazy, Suspense, useState, type ReactNode } from 'react';
import { patiently } from '../patiently';

/** Dialogs of the frame; their scripts are loaded when they are first opened, so that the first page comes sooner. */
export const Palette = lazy(() => patiently(async () => ({ default: (await import('./palette')).Palette })));
export const ExpiredDialog = lazy(() => patiently(async () => ({ default: (await import('./expired-dialog')).ExpiredDialog })));
export const PasswordDialog = lazy(() => patiently(async () => ({ default: (await import('../login/password-form')).PasswordDialog })));

/** Draws a dialog from when it is first open. */
export function WhenOpen({ open, children }: { open: boolean; children: ReactNode }) {
  const [wasOpen, setWasOpen] = useState(open);
  if (open && !wasOpen) setWasOpen(true);
  return wasOpen ? <Suspense fallback={null}>{children}</Suspense> : null;
}
