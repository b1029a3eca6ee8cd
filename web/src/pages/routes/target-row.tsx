import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined } from '@ant-design/icons';
import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { AutoComplete, Button, Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { useModels, useProviders } from '@/api/lists';
import { ProviderSelect } from '@/components';
import { formatPercent } from '@/format';
import { isTwice, nameOf, type DraftTarget } from './targets';

interface Props {
  id: number;
  place: number;
  count: number;
  drafts: readonly (DraftTarget | undefined)[];
  share: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One target in the form. */
export function TargetRow({ id, place, count, drafts, share, onMove, onRemove }: Props) {
  const { t } = useTranslation('routes');
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id });
  const number = place + 1;
  const target = nameOf(drafts[place]) || t('edit.empty');
  return (
    <li ref={setNodeRef} className={isDragging ? 'target is-dragged' : 'target'} style={{ transform: CSS.Translate.toString(transform), transition }}>
      <Button
        ref={setActivatorNodeRef}
        type="text"
        className="target-handle"
        icon={<HolderOutlined aria-hidden />}
        {...attributes}
        {...listeners}
        aria-label={t('edit.drag', { place: number, target })}
      />
      <span className="target-place" aria-hidden="true">
        {number}
      </span>
      <Fields place={place} drafts={drafts} share={share} />
      <span className="target-buttons">
        <Button type="text" size="small" icon={<ArrowUpOutlined aria-hidden />} disabled={place === 0} onClick={() => onMove(place - 1)} aria-label={`${t('edit.up')}: ${t('edit.target', { place: number })}`} />
        <Button type="text" size="small" icon={<ArrowDownOutlined aria-hidden />} disabled={number === count} onClick={() => onMove(place + 1)} aria-label={`${t('edit.down')}: ${t('edit.target', { place: number })}`} />
        <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} disabled={count === 1} onClick={onRemove} aria-label={t('edit.remove', { place: number })} />
      </span>
    </li>
  );
}

function Fields({ place, drafts, share }: Pick<Props, 'place' | 'drafts' | 'share'>) {
  const { t } = useTranslation('routes');
  const { t: words } = useTranslation('components');
  const number = place + 1;
  const required = { required: true, message: words('form.required') };
  const once = { validator: () => (isTwice(drafts, place) ? Promise.reject(new Error(t('edit.twice'))) : Promise.resolve()) };
  const label = (field: 'provider' | 'model' | 'weight') => `${t('edit.target', { place: number })}: ${t(`edit.${field}`)}`;
  const listed = useListed(drafts[place]?.providerCode);
  const code = drafts[place]?.modelCode?.trim() ?? '';
  const isUnlisted = listed !== undefined && code !== '' && !listed.includes(code);
  return (
    <div className="target-fields">
      <Form.Item name={[place, 'providerCode']} rules={[required]}>
        <ProviderSelect<string> by="code" allowClear={false} placeholder={t('edit.provider')} aria-label={label('provider')} />
      </Form.Item>
      <Form.Item name={[place, 'modelCode']} rules={[{ ...required, whitespace: true }, once]} help={undefined}>
        <AutoComplete
          options={(listed ?? []).map((value) => ({ value }))}
          showSearch={{ filterOption: (typed, option) => option?.value.toLowerCase().includes(typed.toLowerCase()) ?? false }}
          placeholder={t('edit.modelHint')}
          aria-label={label('model')}
          popupMatchSelectWidth={false}
        />
      </Form.Item>
      <Form.Item name={[place, 'weight']}>
        <InputNumber<number> min={0} max={1_000_000} precision={0} controls={false} placeholder={t('edit.weight')} aria-label={label('weight')} />
      </Form.Item>
      <span className="target-note quiet">
        <ShareText share={share} place={place} hasWeights={drafts.some((draft) => (draft?.weight ?? 0) > 0)} />
        {isUnlisted ? <span> · {t('edit.notListed')}</span> : null}
      </span>
    </div>
  );
}

function ShareText({ share, place, hasWeights }: { share: number; place: number; hasWeights: boolean }) {
  const { t } = useTranslation('routes');
  if (hasWeights) return <>{share > 0 ? t('edit.share', { share: formatPercent(share) }) : t('edit.onlyAfter')}</>;
  return <>{place === 0 ? t('edit.first') : t('edit.onlyAfter')}</>;
}

/** The codes of a provider's models that chat; not known without a provider. */
function useListed(providerCode: string | null | undefined): string[] | undefined {
  const models = useModels();
  const providers = useProviders();
  const provider = providers.data?.find((each) => each.providerCode === providerCode);
  if (!provider || !models.data) return undefined;
  return models.data.filter((model) => model.providerId === provider.id).map((model) => model.modelCode);
}
