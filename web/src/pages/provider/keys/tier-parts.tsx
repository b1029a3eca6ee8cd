import { ArrowDownOutlined, ArrowUpOutlined, HolderOutlined } from '@ant-design/icons';
import { useDraggable, useDroppable } from '@dnd-kit/core';
import { Button, Typography } from 'antd';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { StateTag } from '@/components';
import { stateOf, type UpstreamKey } from './state';
import type { Place } from './tiers';

/** Between two tiers: a place for a tier of one's own. */
export function Gap({ before, isOpen }: { before: number; isOpen: boolean }) {
  const { t } = useTranslation('keys');
  const { setNodeRef, isOver } = useDroppable({ id: `before-${before}`, data: { before } satisfies Place });
  return (
    <div ref={setNodeRef} className={`tier-gap${isOpen ? ' is-open' : ''}${isOver ? ' is-over' : ''}`}>
      {isOpen ? t('ordering.gap') : null}
    </div>
  );
}

interface TierProps {
  index: number;
  count: number;
  keys: UpstreamKey[];
  onStep: (id: number, way: 'up' | 'down') => void;
}

/** Keys that share the load. */
export function TierBox({ index, count, keys, onStep }: TierProps) {
  const { t } = useTranslation('keys');
  const { setNodeRef, isOver } = useDroppable({ id: `into-${index}`, data: { into: index } satisfies Place });
  const isAlone = keys.length === 1;
  return (
    <section ref={setNodeRef} className={`tier${isOver ? ' is-over' : ''}`} aria-label={t('ordering.group', { number: index + 1 })}>
      <div className="tier-head">
        <span>{t('ordering.group', { number: index + 1 })}</span>
        <span>{t(index === 0 ? 'ordering.first' : 'ordering.then')}</span>
      </div>
      {keys.map((key) => (
        <TierKey
          key={key.id}
          apiKey={key}
          canRise={!(isAlone && index === 0)}
          canSink={!(isAlone && index === count - 1)}
          onStep={(way) => onStep(key.id, way)}
        />
      ))}
    </section>
  );
}

function TierKey({ apiKey, canRise, canSink, onStep }: { apiKey: UpstreamKey; canRise: boolean; canSink: boolean; onStep: (way: 'up' | 'down') => void }) {
  const { t } = useTranslation('keys');
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: apiKey.id });
  const byKeys = (event: KeyboardEvent<HTMLElement>) => {
    const way = event.key === 'ArrowUp' ? 'up' : event.key === 'ArrowDown' ? 'down' : null;
    if (!way) return;
    event.preventDefault();
    keepFocus(event.currentTarget, apiKey.id);
    if (way === 'up' ? canRise : canSink) onStep(way);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move the key; its buttons do the same
    <div ref={setNodeRef} className={`tier-key${isDragging ? ' is-moving' : ''}`} data-key={apiKey.id} role="group" aria-label={apiKey.keyName} tabIndex={-1} onKeyDown={byKeys}>
      <span {...listeners} className="tier-grip" title={t('ordering.drag', { name: apiKey.keyName })}>
        <HolderOutlined aria-hidden />
      </span>
      <span className="tier-key-name">
        <Typography.Text ellipsis>{apiKey.keyName}</Typography.Text>
        <Typography.Text type="secondary" className="mono">{apiKey.apiKey}</Typography.Text>
      </span>
      <StateTag state={stateOf(apiKey)} />
      <Button type="text" size="small" icon={<ArrowUpOutlined aria-hidden />} aria-disabled={!canRise} aria-label={t('ordering.up', { name: apiKey.keyName })} onClick={() => canRise && onStep('up')} />
      <Button type="text" size="small" icon={<ArrowDownOutlined aria-hidden />} aria-disabled={!canSink} aria-label={t('ordering.down', { name: apiKey.keyName })} onClick={() => canSink && onStep('down')} />
    </div>
  );
}

/** The row is drawn anew elsewhere: what had the focus in it gets it back there. */
function keepFocus(row: HTMLElement, id: number) {
  const board = row.closest('.tiers');
  const label = document.activeElement?.getAttribute('aria-label');
  requestAnimationFrame(() => {
    const moved = board?.querySelector<HTMLElement>(`[data-key="${id}"]`);
    const button = [...(moved?.querySelectorAll<HTMLElement>('button') ?? [])].find((each) => each.getAttribute('aria-label') === label);
    (button ?? moved)?.focus();
  });
}

/** What a key is held by. */
export function Handle({ name }: { name: string }) {
  const { t } = useTranslation('keys');
  return <HolderOutlined aria-label={t('ordering.drag', { name })} />;
}
