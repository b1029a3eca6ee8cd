import { Descriptions, Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { StateTag, Time } from '@/components';
import { OutlookPart } from './outlook';
import type { Route } from './targets';

interface Props {
  route: Route | undefined;
  onClose: () => void;
}

/** A route for those who may look at it and change nothing. */
export function RouteReader({ route, onClose }: Props) {
  const { t } = useTranslation('routes');
  const { t: common } = useTranslation();
  return (
    <Drawer open={route !== undefined} title={route ? t('edit.title', { alias: route.alias }) : ''} size={Math.min(820, window.innerWidth)} onClose={onClose} destroyOnHidden>
      {route ? (
        <div className="stack">
          <Descriptions
            size="small"
            column={1}
            colon={false}
            styles={{ label: { width: 180 } }}
            items={[
              { key: 'alias', label: t('edit.alias'), children: <code className="mono">{route.alias}</code> },
              { key: 'description', label: t('edit.description'), children: route.description ?? common('none') },
              { key: 'fallback', label: t('edit.fallback'), children: <Fallbacks route={route} /> },
              { key: 'on', label: t('columns.on'), children: <StateTag state={route.isActive ? 'on' : 'off'} /> },
              { key: 'updated', label: t('columns.updated'), children: <Time at={route.updatedAt} /> },
            ]}
          />
          <OutlookPart targets={route.targets} />
        </div>
      ) : null}
    </Drawer>
  );
}

/** After what a call goes on, in words. */
export function Fallbacks({ route }: { route: Route }) {
  const { t } = useTranslation('routes');
  if (route.fallbackOn.length === 0) return <span className="quiet">{t('fallback.none')}</span>;
  return <>{route.fallbackOn.map((each) => t(`fallback.${each}`)).join(', ')}</>;
}
