import { DndContext, DragOverlay, PointerSensor, pointerWithin, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { Alert, Button, Drawer, Typography } from 'antd';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConfirmLeave, useToast, FormFailure } from '@/components';
import type { Provider } from '../../providers/health';
import { useSetPriorities } from './api';
import type { UpstreamKey } from './state';
import { Gap, Handle, TierBox } from './tier-parts';
import { place, prioritiesOf, sameTiers, step, tiersOf, type Place, type Tiers } from './tiers';

interface Props {
  open: boolean;
  provider: Provider;
  keys: readonly UpstreamKey[];
  onClose: () => void;
}

/** The order in which keys are used, by drag, by buttons and by arrow keys; saved all at once. */
export function OrderDrawer({ open, provider, keys, onClose }: Props) {
  const { t } = useTranslation('keys');
  return (
    <Drawer open={open} size={Math.min(560, window.innerWidth)} title={t('ordering.title', { name: provider.providerName })} onClose={onClose} destroyOnHidden>
      <Order provider={provider} keys={keys} onClose={onClose} />
    </Drawer>
  );
}

function Order({ provider, keys, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation('keys');
  const { t: providers } = useTranslation('providers');
  const toast = useToast();
  const save = useSetPriorities(provider.id);
  const [start] = useState(() => tiersOf(keys));
  const [tiers, setTiers] = useState<Tiers>(start);
  const [told, setTold] = useState('');
  const isDirty = !sameTiers(tiers, start);
  useConfirmLeave(isDirty && !save.isSuccess);
  const byId = new Map(keys.map((key) => [key.id, key]));
  const move = (id: number, next: Tiers) => {
    setTiers(next);
    const number = next.findIndex((tier) => tier.includes(id)) + 1;
    setTold(t('ordering.moved', { name: byId.get(id)?.keyName ?? '', number, total: next.length }));
  };
  const submit = () =>
    save.mutate(prioritiesOf(tiers), {
      onSuccess: () => {
        toast.done(t('told.ordered'));
        onClose();
      },
    });
  return (
    <div className="stack">
      <Typography.Text>{t('ordering.intro')}</Typography.Text>
      {provider.lbStrategy === 'priority' ? null : (
        <Alert
          type="info"
          showIcon
          title={t('ordering.ignored', { name: provider.providerName, strategy: providers(`form.strategies.${provider.lbStrategy}`) })}
        />
      )}
      <Typography.Text type="secondary">{t('ordering.keys')}</Typography.Text>
      <FormFailure error={save.error} />
      <Board tiers={tiers} byId={byId} onPlace={(id, to) => move(id, place(tiers, id, to))} onStep={(id, way) => move(id, step(tiers, id, way))} />
      <div className="visually-hidden" role="status">{told}</div>
      <div className="row spread">
        <Button disabled={!isDirty} onClick={() => setTiers(start)}>{t('ordering.reset')}</Button>
        <Button type="primary" disabled={!isDirty} loading={save.isPending} onClick={submit}>{t('ordering.save')}</Button>
      </div>
    </div>
  );
}

interface BoardProps {
  tiers: Tiers;
  byId: ReadonlyMap<number, UpstreamKey>;
  onPlace: (id: number, to: Place) => void;
  onStep: (id: number, way: 'up' | 'down') => void;
}

function Board({ tiers, byId, onPlace, onStep }: BoardProps) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const [dragged, setDragged] = useState<number | null>(null);
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    const to = over?.data.current as Place | undefined;
    if (to) onPlace(Number(active.id), to);
  };
  const held = dragged === null ? undefined : byId.get(dragged);
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={({ active }) => setDragged(Number(active.id))}
      onDragCancel={() => setDragged(null)}
      onDragEnd={drop}
    >
      <div className="tiers">
        {tiers.map((tier, index) => (
          <Fragment key={tier[0]}>
            <Gap before={index} isOpen={dragged !== null} />
            <TierBox index={index} count={tiers.length} keys={tier.flatMap((id) => byId.get(id) ?? [])} onStep={onStep} />
          </Fragment>
        ))}
        <Gap before={tiers.length} isOpen={dragged !== null} />
      </div>
      <DragOverlay>{held ? <div className="tier-key"><Handle name={held.keyName} /> {held.keyName}</div> : null}</DragOverlay>
    </DndContext>
  );
}
