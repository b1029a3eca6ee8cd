import { TableOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { allColumns, usualColumns, type ColumnName } from './columns';

interface Props {
  columns: readonly ColumnName[];
  onChange: (columns: ColumnName[]) => void;
}

/** Chooses the columns; at least one stays. */
export function ColumnsButton({ columns, onChange }: Props) {
  const { t } = useTranslation('logs');
  const { t: common } = useTranslation();
  const toggle = (name: ColumnName, isOn: boolean) => {
    const next = allColumns.filter((each) => (each === name ? isOn : columns.includes(each)));
    if (next.length > 0) onChange(next);
  };
  const menu = (
    <div className="stack">
      <div className="columns-menu" role="group" aria-label={t('columns')}>
        {allColumns.map((name) => (
          <Checkbox key={name} checked={columns.includes(name)} onChange={({ target }) => toggle(name, target.checked)}>
            {t(`column.${name}`)}
          </Checkbox>
        ))}
      </div>
      <Button size="small" onClick={() => onChange([...usualColumns])}>
        {common('reset')}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" content={menu} placement="bottomRight">
      <Button icon={<TableOutlined aria-hidden />}>{t('columns')}</Button>
    </Popover>
  );
}
