import { SendOutlined, StopOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Form, Input, Select } from 'antd';
import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import { EmptyState } from '@/components';
import { AnswerView } from '@/components/chat/answer-view';
import { ask } from '@/components/chat/ask';
import { isBusy, Pane } from '@/components/chat/pane';
import { bodyOf, initialParameters } from '@/components/chat/request';

/** Asks a model, here and now. */
export function AnswerStep() {
  const { t } = useTranslation('welcome');
  const models = useAskable();
  const [pane] = useState(() => new Pane());
  const state = useSyncExternalStore(pane.subscribe, pane.snapshot);
  const [model, setModel] = useState<string>();
  const [text, setText] = useState(t('answer.question'));
  const chosen = model ?? models[0];
  const answer = state.entries.at(-1);
  if (chosen === undefined) return <EmptyState title={t('answer.none')} text={t('answer.noneText')} />;
  const run = () => {
    const entries = [{ kind: 'question' as const, id: 'first', text, pictures: [] }];
    void pane.run(entries, bodyOf(chosen, initialParameters, entries), ask);
  };
  return (
    <Form layout="vertical" className="step-form" onFinish={run}>
      <Form.Item label={t('answer.model')} htmlFor="first-model">
        <Select id="first-model" showSearch value={chosen} onChange={setModel} options={models.map((id) => ({ value: id, label: id }))} />
      </Form.Item>
      <Form.Item label={t('answer.ask')} htmlFor="first-question">
        <Input id="first-question" value={text} onChange={({ target }) => setText(target.value)} />
      </Form.Item>
      <div className="row">
        {isBusy(state) ? (
          <Button danger icon={<StopOutlined aria-hidden />} onClick={() => pane.stop()}>
            {t('answer.stop')}
          </Button>
        ) : (
          <Button type="primary" htmlType="submit" icon={<SendOutlined aria-hidden />} disabled={text.trim() === ''}>
            {t('answer.send')}
          </Button>
        )}
        <Link to="/playground" search={{ model: chosen }}>
          {t('answer.playground')}
        </Link>
      </div>
      {answer?.kind === 'answer' ? (
        <div className="first-answer">
          <AnswerView answer={answer} onAgain={run} />
        </div>
      ) : null}
    </Form>
  );
}

/** The models that can be asked, the providers' default ones first. */
export function useAskable(): string[] {
  const models = useApiQuery(['usable-models'], (signal) => call(api.GET('/api/ai/models', { signal })), { staleTime: 30_000 });
  const chatty = (models.data ?? []).filter((model) => model.modelType === 'chat' || model.modelType === 'other');
  return [...chatty].sort((a, b) => Number(b.isDefault) - Number(a.isDefault)).map((model) => model.id);
}
