import { CheckCircleOutlined, LoadingOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useTokens } from '@/api/lists';
import { Secret, Time } from '@/components';
import { CallSnippets } from '@/components/call-snippets';
import { useAskable } from './answer-step';
import { useMadeToken } from './made-token';

/** The programs to copy, with the token that was just made; tells as soon as one has called. */
export function CallStep() {
  const { t } = useTranslation('welcome');
  const token = useMadeToken();
  const model = useAskable()[0];
  return (
    <div className="stack">
      {token ? <Secret text={token} /> : <p>{t('call.which')}</p>}
      <CallSnippets token={token ?? 'tg-…'} model={model ?? 'model'} />
      <Waiting />
    </div>
  );
}

function Waiting() {
  const { t } = useTranslation('welcome');
  const tokens = useTokens();
  const used = (tokens.data ?? []).filter((token) => token.lastUsedAt != null).sort((a, b) => (b.lastUsedAt ?? '').localeCompare(a.lastUsedAt ?? ''))[0];
  return (
    <p role="status" className="row">
      {used ? (
        <>
          <CheckCircleOutlined /> {t('call.came', { name: used.name })} <Time at={used.lastUsedAt} />
        </>
      ) : (
        <>
          <LoadingOutlined /> {t('call.waiting')}
        </>
      )}
    </p>
  );
}
