import { PictureOutlined, SendOutlined, StopOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Tooltip, type GetRef } from 'antd';
import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/format';
import { isNamed, type UsableModel } from './models';
import { MAX_PICTURE_BYTES, MAX_PICTURES, PICTURE_TYPES, takePictures, type Taken } from './pictures';
import { send, type Column } from './send';
import { useDraft, useIsBusy } from './store';

interface Props {
  columns: readonly Column[];
  models: readonly UsableModel[];
  /** Why nothing can be sent: no model, tools that are no JSON. */
  problem: string | undefined;
}

/** Where one types. It draws itself alone, so that a stream never holds up a letter. */
export function Composer({ columns, models, problem }: Props) {
  const { t } = useTranslation('playground');
  const [draft, setDraft] = useDraft();
  const [faults, setFaults] = useState<Taken['faults']>([]);
  const field = useRef<GetRef<typeof Input.TextArea>>(null);
  const panes = columns.map((column) => column.pane);
  const isBusy = useIsBusy(panes);
  const isEmpty = draft.text.trim() === '' && draft.pictures.length === 0;
  useEffect(() => field.current?.focus({ cursor: 'end' }), []);

  const add = async (files: readonly File[]) => {
    const taken = await takePictures(files, draft.pictures.length);
    setFaults(taken.faults);
    setDraft({ ...draft, pictures: [...draft.pictures, ...taken.pictures] });
  };
  const stop = () => panes.forEach((pane) => pane.stop());
  const submit = () => {
    if (isBusy || isEmpty || problem) return;
    setFaults([]);
    send(columns);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the choice of a Chinese character.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
    if (event.key === 'Escape' && isBusy) stop();
  };
  return (
    <div className="composer" onPaste={onFiles(add)} onDrop={onFiles(add)} onDragOver={(event) => event.preventDefault()}>
      <Notes columns={columns} models={models} faults={faults} problem={problem} />
      <Pictures />
      <Input.TextArea
        ref={field}
        className="grows"
        variant="borderless"
        aria-label={t('message')}
        placeholder={t('messagePlaceholder')}
        value={draft.text}
        onChange={({ target }) => setDraft({ ...draft, text: target.value })}
        onKeyDown={onKeyDown}
      />
      <div className="row spread">
        <span className="row">
          <AddPictures onFiles={add} />
          <span className="quiet hint">{isBusy ? t('hintBusy') : t('hint')}</span>
        </span>
        {isBusy ? (
          <Button danger icon={<StopOutlined aria-hidden />} onClick={stop}>
            {t('stop')}
          </Button>
        ) : (
          <Button type="primary" icon={<SendOutlined aria-hidden />} disabled={isEmpty || problem !== undefined} onClick={submit}>
            {t('send')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Takes files out of a paste or a drop; text goes its usual way. */
function onFiles(add: (files: readonly File[]) => Promise<void>) {
  return (event: ClipboardEvent | DragEvent) => {
    const data = 'clipboardData' in event ? event.clipboardData : event.dataTransfer;
    const files = [...data.files];
    if (files.length === 0) return;
    event.preventDefault();
    void add(files);
  };
}

function AddPictures({ onFiles: add }: { onFiles: (files: readonly File[]) => Promise<void> }) {
  const { t } = useTranslation('playground');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tooltip title={t('addPictures')}>
        <Button type="text" icon={<PictureOutlined aria-hidden />} aria-label={t('addPictures')} onClick={() => input.current?.click()} />
      </Tooltip>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={PICTURE_TYPES.join(',')}
        data-testid="pictures"
        aria-label={t('addPictures')}
        onChange={({ target }) => {
          void add([...(target.files ?? [])]);
          target.value = '';
        }}
      />
    </>
  );
}

function Pictures() {
  const { t } = useTranslation('playground');
  const [draft, setDraft] = useDraft();
  if (draft.pictures.length === 0) return null;
  const without = (id: string) => setDraft({ ...draft, pictures: draft.pictures.filter((picture) => picture.id !== id) });
  return (
    <div className="pictures">
      {draft.pictures.map((picture) => (
        <figure key={picture.id} className="picture">
          <img src={picture.url} alt={picture.name} />
          <Button size="small" onClick={() => without(picture.id)} aria-label={t('removePicture', { name: picture.name })}>
            ×
          </Button>
        </figure>
      ))}
    </div>
  );
}

function Notes({ columns, models, faults, problem }: { columns: readonly Column[]; models: readonly UsableModel[]; faults: Taken['faults']; problem: string | undefined }) {
  const { t } = useTranslation('playground');
  const [draft] = useDraft();
  const blind = draft.pictures.length === 0 ? [] : columns.filter(({ model }) => models.some((each) => isNamed(each, model) && !each.supportsVision));
  return (
    <>
      {problem ? <Alert type="warning" showIcon title={problem} /> : null}
      {faults.map(({ name, fault }) => (
        <Alert key={name} type="error" showIcon title={t(`pictureFault.${fault}`, { name, size: formatBytes(MAX_PICTURE_BYTES), most: MAX_PICTURES })} />
      ))}
      {blind.map(({ model }, index) => (
        <Alert key={index} type="warning" showIcon title={t('blind', { name: model })} />
      ))}
    </>
  );
}
