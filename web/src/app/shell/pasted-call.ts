import { requestIdIn } from '@/components/calls/filter';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useCan } from '../session';

/** Opens the call whose request id is pasted anywhere but into a field. */
export function usePastedCall() {
  const navigate = useNavigate();
  const may = useCan('read');
  useEffect(() => {
    if (!may) return;
    const listen = (event: ClipboardEvent) => {
      if (event.target instanceof Element && event.target.closest('input,textarea,[contenteditable]')) return;
      const requestId = requestIdIn(event.clipboardData?.getData('text') ?? '');
      if (requestId) void navigate({ to: '/logs/$requestId', params: { requestId } });
    };
    window.addEventListener('paste', listen);
    return () => window.removeEventListener('paste', listen);
  }, [navigate, may]);
}
