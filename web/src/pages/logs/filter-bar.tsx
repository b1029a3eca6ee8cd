import { Button, Checkbox, Grid, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProviderSelect } from '@/components';
import { callStatuses } from '@/components/calls';
import { FacetSelect } from './facets';
import { countFilters, type LogsSearch } from './search';

interface Props {
  search: LogsSearch;
  onChange: (change: LogsSearch) => void;
}

/** What the calls are narrowed by; all of it is in the address. */
export function FilterBar({ search, onChange }: Props) {
  const { t } = useTranslation('logs');
  const isWide = Grid.useBreakpoint().md !== false;
  const [isOpen, setOpen] = useState(false);
  const count = countFilters(search);
  if (isWide) return <Filters search={search} onChange={onChange} />;
  return (
    <div className="stack">
      <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {count > 0 ? t('filter.some', { count }) : t('filter.open')}
      </Button>
      {isOpen ? <Filters search={search} onChange={onChange} /> : null}
    </div>
  );
}

function Filters({ search, onChange }: Props) {
  const { t } = useTranslation('logs');
  const { t: components } = useTranslation('components');
  const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
  return (
    <div className="call-filters" role="search" aria-label={t('filter.label')}>
      <Select
        aria-label={t('filter.status')}
        placeholder={t('filter.status')}
        className="call-filter"
        allowClear
        value={search.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
        options={callStatuses.map((value) => ({ value, label: components(`state.${value}`) }))}
      />
      <ProviderSelect
        className="call-filter"
        placeholder={t('filter.provider')}
        {...(search.providerId ? { value: search.providerId } : {})}
        onChange={(value) => onChange({ providerId: value as number | undefined })}
      />
      <FacetSelect facet="key" value={search.keyId?.toString()} onChange={(value) => onChange({ keyId: number(value) })} />
      <FacetSelect facet="model" value={search.model} onChange={(model) => onChange({ model })} />
      <FacetSelect facet="app" value={search.appId?.toString()} onChange={(value) => onChange({ appId: number(value) })} />
      <FacetSelect facet="user" value={search.userId?.toString()} onChange={(value) => onChange({ userId: number(value) })} />
      <TextFilter label={t('filter.endUser')} value={search.endUser} onChange={(endUser) => onChange({ endUser })} />
      <TextFilter label={t('filter.requestedModel')} value={search.requestedModel} onChange={(requestedModel) => onChange({ requestedModel })} />
      <TextFilter label={t('filter.errorCode')} value={search.errorCode} onChange={(errorCode) => onChange({ errorCode })} />
      <Checkbox checked={search.unpriced === true} onChange={({ target }) => onChange({ unpriced: target.checked || undefined })}>
        {t('filter.unpriced')}
      </Checkbox>
      <Others search={search} onChange={onChange} />
    </div>
  );
}

/** Filters that only links set, each with a button that takes it away, and the button for all. */
function Others({ search, onChange }: Props) {
  const { t } = useTranslation('logs');
  const { t: components } = useTranslation('components');
  const clear = Object.fromEntries(Object.keys(search).map((name) => [name, undefined])) as LogsSearch;
  return (
    <>
      {search.failedKeyId ? (
        <Button size="small" onClick={() => onChange({ failedKeyId: undefined })}>
          {t('filter.failedKey', { id: search.failedKeyId })} ×
        </Button>
      ) : null}
      {search.requestId ? (
        <Button size="small" onClick={() => onChange({ requestId: undefined })}>
          {t('filter.oneCall', { id: search.requestId.slice(0, 8) })} ×
        </Button>
      ) : null}
      {countFilters(search) > 0 ? (
        <Button type="link" size="small" onClick={() => onChange({ ...clear, live: search.live })}>
          {components('clearFilters')}
        </Button>
      ) : null}
    </>
  );
}

/** How long nobody types before the list follows. */
const PAUSE_MS = 80;

function TextFilter({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const [typed, setTyped] = useState(value ?? '');
  const [known, setKnown] = useState(value);
  const [sent, setSent] = useState(value);
  // The address may change without us: a link, "back". What we sent comes back, too, perhaps after the next key.
  if (known !== value) {
    setKnown(value);
    if (value !== sent) {
      setSent(value);
      setTyped(value ?? '');
    }
  }
  useEffect(() => {
    const next = typed.trim() || undefined;
    if (next === sent) return;
    const timer = setTimeout(() => {
      setSent(next);
      onChange(next);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, sent, onChange]);
  return <Input className="call-filter" allowClear aria-label={label} placeholder={label} value={typed} onChange={({ target }) => setTyped(target.value)} />;
}
