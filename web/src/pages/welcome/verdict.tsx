import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '@/format';
import type { Verdict } from './add-key';

/** What the provider said of a key, and what to do about it. */
export function VerdictLine({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('welcome');
  return verdict.isValid ? (
    <Alert type="success" showIcon className="form-failure" title={t('verdict.good', { time: formatDuration(verdict.latencyMs) })} />
  ) : (
    <Alert type="error" showIcon className="form-failure" title={verdict.reason ?? t('verdict.bad')} description={t('verdict.remedy')} />
  );
}
