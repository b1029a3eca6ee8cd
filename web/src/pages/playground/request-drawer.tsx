import { Drawer, Segmented, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CallSnippets } from '@/components/call-snippets';
import type { Entry } from '@/components/chat/conversation';
import { bodyOf } from '@/components/chat/request';
import type { ChatBody } from '@/components/snippets/chat-body';
import type { Column } from './send';
import { useDraft, useParameters } from './store';

/** What an app would send: the conversation, with what is typed now as its next question. */
export function RequestDrawer({ columns, onClose }: { columns: readonly Column[]; onClose: () => void }) {
  const { t } = useTranslation('playground');
  const [parameters] = useParameters();
  const [draft] = useDraft();
  const [shown, setShown] = useState(0);
  const column = columns[shown] ?? columns[0];
  if (!column) return null;
  const next: Entry[] = draft.text.trim() || draft.pictures.length > 0 ? [{ kind: 'question', id: 'draft', ...draft }] : [];
  const entries = [...column.pane.snapshot().entries, ...next];
  const body = bodyOf(column.model, parameters, entries.length > 0 ? entries : [{ kind: 'question', id: 'hello', text: t('hello'), pictures: [] }]);
  const { short, isShort } = shortened(body);
  return (
    <Drawer open title={t('request')} size={Math.min(720, window.innerWidth)} onClose={onClose}>
      <div className="stack">
        <Typography.Text type="secondary">{t('requestText')}</Typography.Text>
        {columns.length > 1 ? (
          <Segmented value={shown} onChange={setShown} options={columns.map(({ model }, index) => ({ value: index, label: model }))} />
        ) : null}
        <CallSnippets body={short} model={column.model} token="tg-…" />
        {isShort ? <Typography.Text type="secondary">{t('requestShort')}</Typography.Text> : null}
      </div>
    </Drawer>
  );
}

/** Longer data URLs nobody reads. */
const LONGEST = 200;

function shortened(body: ChatBody): { short: ChatBody; isShort: boolean } {
  let isShort = false;
  const messages = body.messages.map((message) => {
    if (message.role !== 'user' || typeof message.content === 'string') return message;
    const content = message.content.map((part) => {
      if (part.type !== 'image_url' || part.image_url.url.length <= LONGEST) return part;
      isShort = true;
      return { ...part, image_url: { url: `${part.image_url.url.slice(0, 48)}…` } };
    });
    return { ...message, content };
  });
  return { short: { ...body, messages }, isShort };
}
