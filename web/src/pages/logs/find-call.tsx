import { requestIdIn } from '@/components/calls/filter';
import { SearchOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Opens a call by its id, typed or pasted with whatever stands around it. */
export function FindCall() {
  const { t } = useTranslation('logs');
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const isWrong = text.trim() !== '' && requestIdIn(text) === undefined;
  const open = (typed: string) => {
    const requestId = requestIdIn(typed);
    if (!requestId) return;
    setText('');
    void navigate({ to: '/logs/$requestId', params: { requestId }, search: (old: object) => old as never });
  };
  return (
    <Input
      className="find-call"
      allowClear
      prefix={<SearchOutlined />}
      aria-label={t('find.label')}
      placeholder={t('find.placeholder')}
      value={text}
      status={isWrong && text.length >= 36 ? 'error' : ''}
      onChange={({ target }) => {
        setText(target.value);
        open(target.value);
      }}
      onPressEnter={() => open(text)}
    />
  );
}
