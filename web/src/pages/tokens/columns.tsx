import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { column, stateColumn, timeColumn, type Column } from '@/components';
import { TokenMenu } from './actions';
import { Budget } from './budget';
import { Limits } from './limits';
import type { TokensSearch } from './search';
import { stateOf, type Token } from './token-state';

interface Options {
  search: TokensSearch;
  owners: ReadonlyMap<number, string> | undefined;
  now: number;
  onOpen: (token: Token) => void;
  onEdit: (token: Token) => void;
}

/** The columns of the list of app tokens. */
export function useTokenColumns({ search, owners, now, onOpen, onEdit }: Options): Column<Token>[] {
  const { t } = useTranslation('tokens');
  const owner = useOwnerText(owners);
  const sorted = (key: NonNullable<TokensSearch['sort']>) => ({
    sorter: true,
    sortOrder: search.sort === key ? (search.down ? ('descend' as const) : ('ascend' as const)) : null,
  });
  return [
    column(
      'name',
      t('columns.name'),
      (token) => (
        <div className="token-name">
          <button type="button" className="link" onClick={() => onOpen(token)}>
            {token.name}
          </button>
          <span className="mono quiet">{token.tokenHint}</span>
        </div>
      ),
      sorted('name'),
    ),
    stateColumn('state', t('columns.state'), (token) => ({ state: stateOf(token, now) })),
    column('allowed', t('columns.allowed'), (token) => <Allowed token={token} />, { responsive: ['lg'] }),
    column('limits', t('columns.limits'), (token) => <Limits token={token} />, { responsive: ['xl'] }),
    column('budget', t('columns.budget'), (token) => <Budget token={token} />, { ...sorted('budget'), width: 170 }),
    timeColumn('used', t('columns.used'), (token) => token.lastUsedAt, { ...sorted('used'), none: t('neverUsed') }),
    timeColumn('expires', t('columns.expires'), (token) => token.expiresAt, { none: t('neverEnds'), responsive: ['md'] }),
    column('owner', t('columns.owner'), (token) => <span className="quiet">{owner(token)}</span>, { responsive: ['lg'] }),
    column('menu', '', (token) => <TokenMenu token={token} onOpen={() => onOpen(token)} onEdit={() => onEdit(token)} />, { width: 40 }),
  ];
}

/** Who made a token. */
export function useOwnerText(owners: ReadonlyMap<number, string> | undefined) {
  const { t } = useTranslation('tokens');
  return ({ ownerId }: Token): string => {
    if (ownerId == null) return t('noOwner');
    return owners ? (owners.get(ownerId) ?? t('ownerGone')) : '…';
  };
}

function Allowed({ token: { allowedModels, allowedProviders, scopes } }: { token: Token }) {
  const { t } = useTranslation('tokens');
  const models = allowedModels.length === 1 ? allowedModels[0] : allowedModels.length > 0 ? t('models', { count: allowedModels.length }) : null;
  const providers = allowedProviders.length === 1 ? allowedProviders[0] : allowedProviders.length > 0 ? t('providers', { count: allowedProviders.length }) : null;
  const text = [models, providers].filter(Boolean).join(' · ');
  return (
    <span title={[...allowedModels, ...allowedProviders].join(', ')}>
      {text || <Typography.Text type="secondary">{t('anyModel')}</Typography.Text>}
      {scopes.includes('admin') ? <Typography.Text type="warning"> · {t('scopes.admin')}</Typography.Text> : null}
    </span>
  );
}
