import { Input, Modal } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePaletteItems, type PaletteItem } from './palette-items';

interface Props {
  open: boolean;
  onClose: () => void;
}

/** The command palette: types to find, Enter to go. */
export function Palette({ open, onClose }: Props) {
  const { t } = useTranslation('shell');
  return (
    <Modal open={open} onCancel={onClose} footer={null} closable={false} width={560} destroyOnHidden title={<span className="visually-hidden">{t('palette.title')}</span>} styles={{ header: { margin: 0 } }}>
      <Finder onClose={onClose} />
    </Modal>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const items = usePaletteItems(text);
  const at = Math.min(chosen, Math.max(0, items.length - 1));

  const run = (item: PaletteItem | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && items.length > 0) {
      event.preventDefault();
      setChosen((at + step + items.length) % items.length);
    }
    if (event.key === 'Enter') run(items[at]);
    if (event.key !== 'Escape') return;
    // A drawer that has opened beneath in the meantime stays.
    event.stopPropagation();
    onClose();
  };
  return (
    <div role="presentation" onKeyDown={onKeyDown}>
      <Input
        // eslint-disable-next-line jsx-a11y/no-autofocus -- it was opened to type in it
        autoFocus
        size="large"
        role="combobox"
        aria-label={t('palette.title')}
        aria-expanded
        aria-controls="palette"
        aria-activedescendant={items[at] ? `palette-${at}` : undefined}
        placeholder={t('palette.placeholder')}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setChosen(0);
        }}
      />
      <ul className="palette-list" id="palette" role="listbox" aria-label={t('palette.title')}>
        {items.map((item, index) => (
          <PaletteRow key={item.key} item={item} id={`palette-${index}`} isChosen={index === at} isFirst={items[index - 1]?.group !== item.group} onRun={() => run(item)} />
        ))}
      </ul>
      {items.length === 0 ? <div role="status">{t('palette.nothing')}</div> : null}
      <div className="palette-foot">{t('palette.hint')}</div>
    </div>
  );
}

function PaletteRow(props: { item: PaletteItem; id: string; isChosen: boolean; isFirst: boolean; onRun: () => void }) {
  const { item, id, isChosen, isFirst, onRun } = props;
  return (
    <>
      {isFirst ? (
        <li role="presentation" className="palette-group">
          {item.group}
        </li>
      ) : null}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above takes the keys */}
      <li id={id} role="option" aria-selected={isChosen} className="palette-item" onClick={onRun} ref={(row) => { if (isChosen) row?.scrollIntoView({ block: 'nearest' }); }}>
        <span aria-hidden="true">{item.icon}</span>
        <span className="break">{item.label}</span>
      </li>
    </>
  );
}
