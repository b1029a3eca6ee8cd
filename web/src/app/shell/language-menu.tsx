import { GlobalOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { languageNames, languages, showWordsOf } from '@/i18n';
import { preferences } from '../preferences';

/** Chooses the language of the screen. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation('shell');
  const items = languages.map((each) => ({ key: each, label: <span lang={each}>{languageNames[each]}</span> }));
  const choose = ({ key }: { key: string }) => {
    const language = languages.find((each) => each === key);
    if (!language) return;
    preferences.write('language', language);
    void showWordsOf(language);
  };
  return (
    <Dropdown menu={{ items, selectable: true, selectedKeys: [i18n.language], onClick: choose }} trigger={['click']}>
      <Button type="text" icon={<GlobalOutlined aria-hidden />} aria-label={t('language')} title={t('language')} />
    </Dropdown>
  );
}
