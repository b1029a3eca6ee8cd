import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ToolCall } from '@/components/snippets/chat-body';

/** Asks what each tool came to, and goes on with it. */
export function ResultsForm({ calls, onSend }: { calls: readonly ToolCall[]; onSend: (results: Record<string, string>) => void }) {
  const { t } = useTranslation('playground');
  const send = ({ results }: { results: string[] }) =>
    onSend(Object.fromEntries(calls.map((call, index) => [call.id, results[index] ?? ''])));
  return (
    <Form<{ results: string[] }> layout="vertical" className="results-form" onFinish={send} requiredMark={false}>
      {calls.map((call, index) => (
        <Form.Item
          key={call.id}
          name={['results', index]}
          label={t('resultOf', { name: call.function.name })}
          rules={[{ required: true, message: t('resultNeeded') }]}
        >
          <Input.TextArea className="mono grows" rows={2} placeholder='{"temperature": 21}' spellCheck={false} />
        </Form.Item>
      ))}
      <Button type="primary" htmlType="submit">
        {t('sendResults')}
      </Button>
    </Form>
  );
}
