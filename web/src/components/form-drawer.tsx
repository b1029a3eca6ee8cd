import { Alert, App, Button, Drawer, Form, type FormInstance } from 'antd';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, remedyOf, type ApiError } from '@/api/errors';
import { useConfirmLeave } from '@/app/confirm-leave';
import { fieldErrors } from './field-errors';
import './form.css';
import { RequestId } from './query-state';

interface Props<Values extends object> {
  open: boolean;
  title: ReactNode;
  /** What the fields hold at first; they are named as the API names them. */
  initial: Partial<Values>;
  /** Saves; when it throws, the server's words are shown and what was typed stays. */
  onSubmit: (values: Values) => Promise<unknown>;
  onClose: () => void;
  submitText?: string;
  width?: number;
  danger?: boolean;
  /** The form, where something beside it needs its values; its own else. */
  form?: FormInstance<Values>;
  /** Shows the values, but nothing can be changed. */
  readOnly?: boolean;
  /** Beside the buttons: a link, a "test" button. */
  extra?: ReactNode;
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/** A form in a drawer: one column, asks before what was typed is lost, Ctrl+Enter saves. */
export function FormDrawer<Values extends object>(props: Props<Values>) {
  const { open, title, onClose, width = 520, submitText, extra, readOnly = false } = props;
  const { t } = useTranslation('components');
  const { t: common } = useTranslation();
  const { modal } = App.useApp();
  const [form] = Form.useForm<Values>(props.form);
  const state = useSubmission(props, form);

  const close = () => {
    if (!state.isDirty) {
      onClose();
      return;
    }
    modal.confirm({
      title: t('form.leaveTitle'),
      content: t('form.leaveText'),
      okText: t('form.leave'),
      cancelText: t('form.stay'),
      okButtonProps: { danger: true },
      autoFocusButton: 'cancel',
      onOk: onClose,
    });
  };
  const submitByKeys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.repeat || !open || !(event.ctrlKey || event.metaKey)) return;
    // The browser sends a form by this key, too.
    event.preventDefault();
    form.submit();
  };
  return (
    <Drawer
      open={open}
      title={title}
      size={Math.min(width, window.innerWidth)}
      onClose={close}
      mask={{ closable: true }}
      destroyOnHidden
      footer={
        <div className="row spread">
          <div className="row">{extra}</div>
          <div className="row">
            <Button onClick={close}>{readOnly ? common('close') : common('cancel')}</Button>
            {readOnly ? null : (
              <Button type="primary" danger={props.danger ?? false} loading={state.isBusy} onClick={() => form.submit()} title={t('form.submitHint')}>
                {submitText ?? common('save')}
              </Button>
            )}
          </div>
        </div>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={props.initial}
        onFinish={(values) => void state.submit(values)}
        onFinishFailed={({ errorFields }) => form.scrollToField(errorFields[0]?.name ?? [], { focus: true })}
        onValuesChange={state.touched}
        onKeyDown={submitByKeys}
        scrollToFirstError
        requiredMark="optional"
        disabled={readOnly}
        className="form-drawer"
      >
        <FormFailure error={state.error} />
        {typeof props.children === 'function' ? props.children(form) : props.children}
        <button type="submit" hidden />
      </Form>
    </Drawer>
  );
}

function useSubmission<Values extends object>(props: Props<Values>, form: FormInstance<Values>) {
  const [isDirty, setDirty] = useState(false);
  const [isBusy, setBusy] = useState(false);
  // Known at once, before anything is drawn anew: nothing is sent twice.
  const isSending = useRef(false);
  const [error, setError] = useState<ApiError | null>(null);
  useConfirmLeave(props.open && isDirty);
  // The next time that it opens, it begins anew.
  const [wasOpen, setWasOpen] = useState(props.open);
  if (wasOpen !== props.open) {
    setWasOpen(props.open);
    setDirty(false);
    setError(null);
  }

  const submit = async (values: Values) => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(true);
    setError(null);
    try {
      await props.onSubmit(values);
      setDirty(false);
    } catch (thrown) {
      setError(showErrors(form, asApiError(thrown)));
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };
  const touched = (changed: object) => {
    setDirty(true);
    // What the server said of a field is said of what stood there then.
    form.setFields(Object.keys(changed).map((name) => ({ name, errors: [] })) as unknown as Parameters<typeof form.setFields>[0]);
  };
  return { isDirty, isBusy, error, submit, touched };
}

/** Puts the server's words beside their fields; gives back what belongs to none of them. */
export function showErrors<Values>(form: FormInstance<Values>, error: ApiError): ApiError | null {
  const { fields, rest } = fieldErrors(error, Object.keys(form.getFieldsValue() as object));
  form.setFields(fields as Parameters<typeof form.setFields>[0]);
  const first = fields[0];
  if (first) form.scrollToField(first.name as Parameters<typeof form.scrollToField>[0], { focus: true });
  return rest;
}

/** What no field can say, at the top of the form. */
export function FormFailure({ error }: { error: ApiError | null }) {
  const { t } = useTranslation('components');
  if (!error) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="form-failure"
      title={error.kind === 'offline' ? t('offline.message') : error.message}
      description={
        <div className="stack">
          <span>{remedyOf(error, t)}</span>
          <RequestId id={error.requestId} />
        </div>
      }
    />
  );
}
