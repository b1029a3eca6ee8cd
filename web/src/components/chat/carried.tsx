import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';

/** A record is there within two seconds of the answer's end: how often it is looked for, and when. */
const LOOKS = 6;
const PAUSE_MS = 800;

type Attempt = components['schemas']['AttemptView'];

/** Which keys carried the call, from its record: shown as soon as that is there, and left out where it never is. */
export function Carried({ requestId }: { requestId: string }) {
  const { t } = useTranslation('playground');
  const attempts = useAttempts(requestId);
  if (!attempts) return null;
  return (
    <>
      {attempts.map((attempt, index) => (
        <span key={index}>
          {index === 0 ? ` · ${t('facts.key')} ` : ' → '}
          <KeyName attempt={attempt} />
          {attempt.status === 'success' ? null : <span className="quiet"> ({attempt.errorCode ?? attempt.status})</span>}
        </span>
      ))}
    </>
  );
}

function KeyName({ attempt }: { attempt: Attempt }) {
  const name = attempt.keyName ?? (attempt.keyId == null ? '–' : `#${attempt.keyId}`);
  if (attempt.providerId == null || attempt.keyId == null) return <>{name}</>;
  return (
    <Link to="/providers/$id/$tab" params={{ id: String(attempt.providerId), tab: 'keys' }} search={{ key: attempt.keyId }}>
      {name}
    </Link>
  );
}

/** The attempts of a call; the list is asked first, since it answers also as long as there is no record. */
function useAttempts(requestId: string): Attempt[] | undefined {
  const found = useQuery({
    queryKey: ['call', requestId, 'found'],
    queryFn: ({ signal }) => call(api.GET('/api/admin/ai-stats/logs', { params: { query: { requestId, pageSize: 1 } }, signal })),
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.logs.length || state.dataUpdateCount >= LOOKS ? false : PAUSE_MS),
  });
  const isThere = (found.data?.logs.length ?? 0) > 0;
  const whole = useApiQuery(
    ['call', requestId],
    (signal) => call(api.GET('/api/admin/ai-stats/logs/{requestId}', { params: { path: { requestId } }, signal })),
    { enabled: isThere, staleTime: Infinity },
  );
  return whole.data?.attempts;
}
