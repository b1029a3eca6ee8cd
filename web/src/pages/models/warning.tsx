import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import type { ModelRow } from './data';
import { useDay, useDaysText } from './lifecycle-tag';
import { daysUntil, warningsOf, type Model } from './uses';
import { useUsesText } from './uses-text';

const SHOWN = 4;

/** When a model ends, in a sentence. */
export function useEndText() {
  const { t } = useTranslation('models');
  const now = useNow(60_000);
  const day = useDay();
  const left = useDaysText();
  return (model: Model, provider: string) => {
    const names = { model: model.modelCode, provider };
    const { shutdownDate: date } = model;
    if (!date) return t(model.lifecycle === 'retired' ? 'warning.oneRetired' : 'warning.oneUndated', names);
    const isOver = daysUntil(date, now) < 0;
    return t(isOver ? 'warning.oneEnded' : 'warning.one', { ...names, date: day(date), left: left(date) });
  };
}

/** Retiring models that something uses, above the list: when, and what. */
export function RetirementWarning({ rows, onShow }: { rows: readonly ModelRow[]; onShow: () => void }) {
  const { t } = useTranslation('models');
  const now = useNow(60_000);
  const endText = useEndText();
  const usesText = useUsesText();
  const warned = warningsOf(rows, now);
  if (warned.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="model-warning"
      title={t('warning.title', { count: warned.length })}
      description={
        <ul>
          {warned.slice(0, SHOWN).map(({ id, model, provider, uses }) => (
            <li key={id}>
              <Link to="/models/$id" params={{ id: String(id) }}>
                {endText(model, provider?.providerName ?? '')}
              </Link>
              {' · '}
              {t('warning.usedBy')} {usesText(uses)}
            </li>
          ))}
          {warned.length > SHOWN ? <li>{t('warning.more', { count: warned.length - SHOWN })}</li> : null}
        </ul>
      }
      action={
        <Button size="small" onClick={onShow}>
          {t('warning.show')}
        </Button>
      }
    />
  );
}
