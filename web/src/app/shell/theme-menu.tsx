import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { chooseTheme, useIsDark, useThemeChoice, type ThemeChoice } from '../theme';

const icons = { light: <SunOutlined />, dark: <MoonOutlined />, system: <DesktopOutlined /> };
const choices: ThemeChoice[] = ['light', 'dark', 'system'];

/** Chooses light, dark, or as the system is. */
export function ThemeMenu() {
  const { t } = useTranslation('shell');
  const chosen = useThemeChoice();
  const isDark = useIsDark();
  const items = choices.map((key) => ({ key, icon: icons[key], label: t(`theme.${key}`) }));
  return (
    <Dropdown
      menu={{ items, selectable: true, selectedKeys: [chosen], onClick: ({ key }) => chooseTheme(key as ThemeChoice) }}
      trigger={['click']}
    >
      <Button type="text" icon={isDark ? icons.dark : icons.light} aria-label={t('theme.title')} title={t('theme.title')} />
    </Dropdown>
  );
}
