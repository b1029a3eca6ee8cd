import { App, Button, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModels, useRoutes } from '@/api/lists';
import { CallSnippets, Secret } from '@/components';
import type { Token } from './token-state';

interface Props {
  /** The token as its creation answered; null: there is none to show. */
  token: Token | null;
  onClose: () => void;
}

/** A new token, shown this once, with programs that use it. */
export function MadeDialog({ token, onClose }: Props) {
  const { t } = useTranslation('tokens');
  const { modal } = App.useApp();
  const leave = () =>
    modal.confirm({
      title: t('made.leaveTitle'),
      content: t('made.leaveText'),
      okText: t('made.leave'),
      cancelText: t('made.stay'),
      autoFocusButton: 'cancel',
      onOk: onClose,
    });
  return (
    <Modal
      open={token !== null}
      title={token ? t('made.title', { name: token.name }) : ''}
      width={720}
      onCancel={leave}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <Button type="primary" onClick={onClose}>
          {t('made.stored')}
        </Button>
      }
    >
      {token?.token ? (
        <div className="stack">
          <Secret text={token.token} />
          <Programs token={token.token} allowed={token.allowedModels} intro={t('made.snippetsText')} />
        </div>
      ) : null}
    </Modal>
  );
}

/** Programs that use a token, with a model that it may call. */
export function Programs({ token, allowed, intro }: { token: string; allowed: string[]; intro: string }) {
  const { t } = useTranslation('tokens');
  const names = useCallable(allowed);
  const [chosen, setChosen] = useState<string | null>(null);
  const model = chosen ?? names[0] ?? 'sim-chat';
  return (
    <section className="programs" aria-label={t('made.snippets')}>
      <h3>{t('made.snippets')}</h3>
      <span className="quiet">{intro}</span>
      <div className="row">
        <span>{t('made.model')}</span>
        <Select
          aria-label={t('made.model')}
          value={model}
          onChange={setChosen}
          showSearch
          popupMatchSelectWidth={false}
          className="programs-model"
          options={names.map((value) => ({ value, label: value }))}
        />
      </div>
      <CallSnippets token={token} model={model} />
    </section>
  );
}

/** What a token may call: what it names, else routes, default models and all that chat, the likeliest first. */
function useCallable(allowed: string[]): string[] {
  const models = useModels();
  const routes = useRoutes();
  if (allowed.length > 0) return allowed;
  const chats = (models.data ?? []).filter((model) => model.isActive && model.modelType === 'chat' && model.lifecycle !== 'retired');
  chats.sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const aliases = (routes.data ?? []).filter(({ isActive }) => isActive).map(({ alias }) => alias);
  return [...new Set([...aliases, ...chats.map(({ modelCode }) => modelCode)])];
}
