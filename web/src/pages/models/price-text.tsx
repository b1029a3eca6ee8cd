import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { perMillion } from './rates';

/** Dollars for a million tokens with every digit that there is: $2.50, $0.075. */
export function priceText(perThousand: number): string {
  const [whole = '0', part = ''] = perMillion(perThousand).split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${part.padEnd(2, '0')}`;
}

/** A rate for a million tokens. Without one: `instead`, or that there is no price. */
export function Rate({ value, instead }: { value: number | null | undefined; instead?: string | undefined }) {
  const { t } = useTranslation();
  if (value != null) return <span className="nowrap">{priceText(value)}</span>;
  if (instead !== undefined) return <Typography.Text type="secondary">{instead}</Typography.Text>;
  return <Typography.Text type="warning">{t('unpriced')}</Typography.Text>;
}
