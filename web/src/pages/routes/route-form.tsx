import { Checkbox, Form, Input, Switch, type FormInstance } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError, asApiError } from '@/api/errors';
import { FormDrawer, useToast } from '@/components';
import { useChangeRoute, useCreateRoute, type NewRoute } from './data';
import { OutlookPart } from './outlook';
import { TargetList } from './target-list';
import { complete, fallbacks, type DraftTarget, type FallbackOn, type Route } from './targets';
import { TrialPart } from './trial';

export interface RouteValues {
  alias: string;
  description: string | null;
  targets: DraftTarget[];
  fallbackOn: FallbackOn[];
  isActive: boolean;
}

interface Props {
  open: boolean;
  /** What the form holds at first. */
  initial: RouteValues;
  /** Which route is edited; null: a new one is added. */
  route: Route | null;
  onClose: () => void;
}

export const emptyRoute: RouteValues = { alias: '', description: null, targets: [{ weight: null }], fallbackOn: ['failure'], isActive: true };

/** A route as the form holds it; a weight of 0 is none. */
export function valuesOf(route: Route): RouteValues {
  const { alias, description = null, targets, fallbackOn, isActive } = route;
  return { alias, description, targets: targets.map((target) => ({ ...target, weight: target.weight || null })), fallbackOn, isActive };
}

/** The form's values as the API takes them. */
export function bodyOf(values: RouteValues): NewRoute {
  const targets = values.targets.map(({ providerCode, modelCode, weight }) => ({
    providerCode: providerCode ?? '',
    modelCode: modelCode?.trim() ?? '',
    weight: weight ?? 0,
  }));
  return { alias: values.alias, description: values.description || null, targets, fallbackOn: values.fallbackOn, isActive: values.isActive };
}

/** What the server says of a target as a whole belongs beside its model. */
export function besideFields(thrown: unknown): ApiError {
  const error = asApiError(thrown);
  const details = error.details.map((detail) => ({ ...detail, field: detail.field?.replace(/^(targets\[\d+\])$/, '$1.modelCode') ?? null }));
  return new ApiError(error.kind, error.message, error.status, error.requestId, details, error.retryAfterMs);
}

/** Adds or edits a route; it is looked at and tried out before it is saved. */
export function RouteForm({ open, initial, route, onClose }: Props) {
  const { t } = useTranslation('routes');
  const toast = useToast();
  const create = useCreateRoute();
  const change = useChangeRoute();
  const save = async (values: RouteValues) => {
    const body = bodyOf(values);
    try {
      const saved = route ? await change.mutateAsync({ id: route.id, body }) : await create.mutateAsync(body);
      toast.done(t(route ? 'done.saved' : 'done.created', { alias: saved.alias }));
    } catch (thrown) {
      throw besideFields(thrown);
    }
    onClose();
  };
  return (
    <FormDrawer<RouteValues>
      open={open}
      title={route ? t('edit.title', { alias: route.alias }) : t('edit.titleNew')}
      initial={initial}
      onSubmit={save}
      onClose={onClose}
      width={820}
    >
      {(form) => <Fields form={form} />}
    </FormDrawer>
  );
}

function Fields({ form }: { form: FormInstance<RouteValues> }) {
  const { t } = useTranslation('routes');
  const { t: words } = useTranslation('components');
  const targets = complete(Form.useWatch('targets', form));
  return (
    <>
      <Form.Item name="alias" label={t('edit.alias')} extra={t('edit.aliasHelp')} rules={[{ required: true, whitespace: true, message: words('form.required') }]}>
        <Input className="mono" spellCheck={false} autoComplete="off" maxLength={200} />
      </Form.Item>
      <Form.Item name="description" label={t('edit.description')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      <TargetList />
      <Form.Item label={t('edit.fallback')} required className="form-fallback">
        {/* Not required itself, which a group of boxes cannot be: none of them may be ticked. */}
        <Form.Item name="fallbackOn" noStyle>
          <Checkbox.Group
            options={fallbacks.map((value) => ({
              value,
              label: (
                <span className="fallback-option">
                  {t(`fallback.${value}`)} <span className="quiet">{t(`fallback.${value}Help`)}</span>
                </span>
              ),
            }))}
          />
        </Form.Item>
      </Form.Item>
      <Form.Item name="isActive" label={t('edit.active')} layout="horizontal" valuePropName="checked" required colon={false}>
        <Switch />
      </Form.Item>
      <OutlookPart targets={targets} />
      <TrialPart targets={targets} />
    </>
  );
}
