import { LockOutlined } from '@ant-design/icons';
import { Button, Card, Form, Tag, Tooltip, type FormInstance } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, type ApiError } from '@/api/errors';
import { FormFailure, showErrors, useConfirmLeave, useToast } from '@/components';
import { useSaveSettings, type SettingsPatch } from './api';
import './settings.css';

interface Props<Values extends object> {
  title: string;
  intro: string;
  /** What the fields hold as it is stored. */
  stored: Values;
  /** Asks before it is saved; resolves to whether to go on. */
  confirm?: (values: Values) => Promise<boolean>;
  /** What is sent; the values as they are unless told. */
  toPatch?: (values: Values) => SettingsPatch;
  /** Nothing can be changed. */
  isLocked?: boolean;
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/** A part of the settings: saved by itself; asks before what was typed is lost. */
export function SectionForm<Values extends object>(props: Props<Values>) {
  const { title, intro, stored, confirm, toPatch, isLocked = false, children } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const [form] = Form.useForm<Values>();
  const [isDirty, setDirty] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const save = useSaveSettings();
  useConfirmLeave(isDirty);

  const submit = async (values: Values) => {
    if (save.isPending || (confirm && !(await confirm(values)))) return;
    setError(null);
    try {
      await save.mutateAsync(toPatch ? toPatch(values) : (values as SettingsPatch));
      setDirty(false);
      toast.done(t('saved'));
    } catch (thrown) {
      setError(showErrors(form, asApiError(thrown)));
    }
  };
  const undo = () => {
    form.resetFields();
    form.setFieldsValue(stored as Parameters<typeof form.setFieldsValue>[0]);
    setDirty(false);
    setError(null);
  };
  return (
    <Card title={title} className="settings-card">
      <p className="settings-intro">{intro}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={stored}
        onFinish={(values) => void submit(values)}
        onValuesChange={() => setDirty(true)}
        scrollToFirstError
        className="settings-form"
      >
        <FormFailure error={error} />
        {typeof children === 'function' ? children(form) : children}
        {isLocked ? null : (
          <div className="row">
            <Button type="primary" htmlType="submit" disabled={!isDirty} loading={save.isPending}>
              {t('save')}
            </Button>
            {isDirty ? <Button onClick={undo}>{t('cancel')}</Button> : null}
          </div>
        )}
      </Form>
    </Card>
  );
}

/** Says that the configuration decides a field, and by what. */
export function Lock({ by }: { by: string | undefined }) {
  const { t } = useTranslation('settings');
  if (!by) return null;
  return (
    <Tooltip title={t('lockedText', { by })}>
      <Tag icon={<LockOutlined aria-hidden />} color="gold" tabIndex={0}>
        {t('lockedBy')} <code className="mono">{by}</code>
      </Tag>
    </Tooltip>
  );
}

/** A field's name, with the lock where it is locked. */
export function Label({ text, by }: { text: string; by?: string | undefined }) {
  return (
    <span className="row">
      {text}
      <Lock by={by} />
    </span>
  );
}
