import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Drawer, Skeleton } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton, EmptyState, QueryState, StateTag } from '@/components';
import { stateOf } from '@/components/calls';
import { Attempts } from './attempts';
import { CallFacts } from './call-facts';
import { CallCost } from './call-cost';
import { CallTokens } from './call-tokens';
import { useCall, type CallDetail } from './data';

interface Props {
  requestId: string;
  onClose: () => void;
  /** Opens the neighbour in the list; nothing where there is none. */
  onNewer?: (() => void) | undefined;
  onOlder?: (() => void) | undefined;
}

/** One call, explained: what it was, where it went and why, what it used and cost. */
export function CallDrawer({ requestId, onClose, onNewer, onOlder }: Props) {
  const { t } = useTranslation('logs');
  const query = useCall(requestId);
  const last = query.data?.attempts.at(-1);
  useNeighbourKeys(onNewer, onOlder);
  return (
    <Drawer
      open
      size={Math.min(860, window.innerWidth)}
      onClose={onClose}
      mask={{ closable: true }}
      title={
        <span className="row">
          {t('call.title')}
          {last ? <StateTag state={stateOf(last)} /> : null}
        </span>
      }
      extra={
        <span className="row">
          <Button type="text" icon={<LeftOutlined aria-hidden />} aria-label={t('call.newer')} title={`${t('call.newer')} (K)`} disabled={!onNewer} onClick={onNewer} />
          <Button type="text" icon={<RightOutlined aria-hidden />} aria-label={t('call.older')} title={`${t('call.older')} (J)`} disabled={!onOlder} onClick={onOlder} />
        </span>
      }
      data-testid="call-drawer"
    >
      <div className="stack">
        <span className="row">
          <span className="quiet">{t('call.requestId')}</span>
          <code className="mono break">{requestId}</code>
          <CopyButton text={requestId} label={t('call.copyRequestId')} />
        </span>
        {query.error?.status === 404 ? (
          <EmptyState title={t('call.unknown')} text={t('call.unknownText')} action={<Button onClick={() => void query.refetch()}>{t('call.again')}</Button>} />
        ) : (
          <QueryState query={query} awaits={t('call.title')} skeleton={<Skeleton active paragraph={{ rows: 14 }} />}>
            {(call) => <Explained call={call} />}
          </QueryState>
        )}
      </div>
    </Drawer>
  );
}

function Explained({ call }: { call: CallDetail }) {
  const { t } = useTranslation('logs');
  return (
    <div className="stack">
      <CallFacts call={call} />
      <Section title={t('call.way')}>
        <Attempts call={call} />
      </Section>
      <Section title={t('call.tokens')}>
        <CallTokens call={call} />
      </Section>
      <Section title={t('call.cost')}>
        <CallCost call={call} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="call-section" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** J and K, as in lists of mail. */
function useNeighbourKeys(onNewer: (() => void) | undefined, onOlder: (() => void) | undefined) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input,textarea,[contenteditable]')) return;
      if (event.key === 'j') onOlder?.();
      if (event.key === 'k') onNewer?.();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [onNewer, onOlder]);
}
