import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  ExclamationCircleOutlined,
  FieldTimeOutlined,
  InfoCircleOutlined,
  LockOutlined,
  MinusCircleOutlined,
  PauseCircleOutlined,
  QuestionCircleOutlined,
  StopOutlined,
  SyncOutlined,
  WalletOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import { Tag, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { useZone } from '@/app/use-range';
import { formatClock, formatLeft } from '@/format';

/** What a colour means: the same everywhere. */
export type Tone = 'good' | 'amber' | 'orange' | 'bad' | 'off' | 'note';

const tagColours: Record<Tone, string> = {
  good: 'green',
  amber: 'gold',
  orange: 'orange',
  bad: 'red',
  off: 'default',
  note: 'blue',
};

const good: [Tone, ReactNode] = ['good', <CheckCircleOutlined key="i" />];
const bad: [Tone, ReactNode] = ['bad', <CloseCircleOutlined key="i" />];
const off: [Tone, ReactNode] = ['off', <PauseCircleOutlined key="i" />];
const soon: [Tone, ReactNode] = ['amber', <ExclamationCircleOutlined key="i" />];
const waits: [Tone, ReactNode] = ['note', <ClockCircleOutlined key="i" />];

/** Every state that has a word: of keys, providers, calls, alerts, models, deliveries and jobs. */
const looks = {
  normal: good,
  unvalidated: ['note', <QuestionCircleOutlined key="i" />],
  rate_limited: ['amber', <ClockCircleOutlined key="i" />],
  cooling: ['amber', <FieldTimeOutlined key="i" />],
  quota_exceeded: ['orange', <WalletOutlined key="i" />],
  invalid: bad,
  undecryptable: ['bad', <LockOutlined key="i" />],
  off,
  on: good,
  success: good,
  error: bad,
  cancelled: ['off', <StopOutlined key="i" />],
  interrupted: ['orange', <MinusCircleOutlined key="i" />],
  firing: ['bad', <WarningOutlined key="i" />],
  resolved: good,
  active: good,
  deprecating: soon,
  retired: ['off', <StopOutlined key="i" />],
  missing: soon,
  healthy: good,
  degraded: soon,
  down: bad,
  running: ['note', <SyncOutlined key="i" />],
  failed: bad,
  waiting: waits,
  pending: waits,
  delivered: good,
  expired: ['off', <ClockCircleOutlined key="i" />],
  info: ['note', <InfoCircleOutlined key="i" />],
  warning: soon,
  critical: ['bad', <WarningOutlined key="i" />],
  unknown: ['off', <QuestionCircleOutlined key="i" />],
} satisfies Record<string, [Tone, ReactNode]>;

export type State = keyof typeof looks;

/** The state of that name, `unknown` where a newer server has one that this page does not know. */
export function stateNamed(name: string): State {
  return name in looks ? (name as State) : 'unknown';
}

interface Props {
  state: State;
  /** Another word for it on this page. */
  text?: string;
  /** Why: shown on hover and focus. */
  reason?: string | null | undefined;
  /** When it ends: counted down. */
  until?: string | null | undefined;
}

/** A state: icon, word and colour, never colour alone. */
export function StateTag({ state, text, reason, until }: Props) {
  const { t } = useTranslation('components');
  const [tone, icon] = looks[state];
  const tag = (
    <Tag color={tagColours[tone]} icon={icon} data-state={state} {...(reason ? { tabIndex: 0 } : {})}>
      {text ?? t(`state.${state}`)}
      {until ? <Until at={until} /> : null}
    </Tag>
  );
  return reason ? <Tooltip title={reason}>{tag}</Tooltip> : tag;
}

/** " until 14:03:20 (1:05)", nothing once it is over. */
function Until({ at }: { at: string }) {
  const { t } = useTranslation('components');
  const zone = useZone();
  const now = useNow();
  const end = Date.parse(at);
  if (!(end > now)) return null;
  return (
    <span className="nowrap">
      {' '}
      {t('until', { time: formatClock(end, zone) })} ({formatLeft(end, now)})
    </span>
  );
}
