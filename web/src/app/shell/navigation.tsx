import { Link } from '@tanstack/react-router';
import { Menu } from 'antd';
import type { ItemType } from 'antd/es/menu/interface';
import { useTranslation } from 'react-i18next';
import { pageAt, pageNames, pagesOf, type PageEntry } from '../pages';
import { useMe } from '../session';

interface Props {
  path: string;
  isCollapsed: boolean;
  onChosen?: () => void;
}

/** The pages that the person may see, in their groups. */
export function Navigation({ path, isCollapsed, onChosen }: Props) {
  const { t } = useTranslation(pageNames);
  const { t: shell } = useTranslation('shell');
  const mine = pagesOf(useMe().role);
  const item = (page: PageEntry): ItemType => ({
    key: page.name,
    icon: page.icon,
    label: <Link to={page.path}>{t(`${page.name}:title`)}</Link>,
    title: t(`${page.name}:title`),
  });
  const groups = (['observe', 'configure', 'access', 'try'] as const)
    .map((group) => ({ group, pages: mine.filter((page) => page.group === group) }))
    .filter(({ pages }) => pages.length > 0);
  const items: ItemType[] = [
    ...mine.filter((page) => page.group === 'start').map(item),
    ...groups.map(({ group, pages }): ItemType => ({
      type: 'group',
      key: group,
      label: isCollapsed ? <hr className="nav-rule" /> : shell(`groups.${group}`),
      children: pages.map(item),
    })),
  ];
  return (
    <nav aria-label={shell('navigation')}>
      <Menu
        mode="inline"
        inlineIndent={12}
        items={items}
        inlineCollapsed={isCollapsed}
        selectedKeys={[pageAt(path)?.name ?? '']}
        {...(onChosen ? { onClick: onChosen } : {})}
      />
    </nav>
  );
}
