import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Progress, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { NoPermission, Page } from '@/components';
import { AnswerStep } from './answer-step';
import { CallStep } from './call-step';
import { CheckStep } from './check-step';
import { Finished } from './finished';
import { useFirstSteps } from './first-steps';
import { KeyStep } from './key-step';
import { Step } from './step';
import { stepNames, type StepName } from './steps';
import { TokenStep } from './token-step';
import './welcome.css';

const route = getRouteApi('/shell/welcome');

/** From nothing to the first answer of an app. */
export default function WelcomePage() {
  const { t } = useTranslation('welcome');
  const isAllowed = useCan('write');
  return (
    <Page title={t('title')} intro={t('intro')}>
      {isAllowed ? <Checklist /> : <NoPermission />}
    </Page>
  );
}

const contents: Record<StepName, () => React.ReactNode> = {
  key: KeyStep,
  check: CheckStep,
  answer: AnswerStep,
  token: TokenStep,
  call: CallStep,
};

function Checklist() {
  const { t } = useTranslation('welcome');
  const search = route.useSearch();
  const navigate = useNavigate();
  const { done, next, count, isPending } = useFirstSteps();
  if (isPending) return <Skeleton active paragraph={{ rows: 8 }} className="checklist" />;
  const open = search.step ?? next;
  const toggle = (name: StepName) =>
    void navigate({ to: '/welcome', replace: true, search: { step: name === open && name !== next ? undefined : name } });
  return (
    <div className="checklist">
      <div className="row progress">
        <Progress percent={(count / stepNames.length) * 100} showInfo={false} aria-label={t('progress', { count, all: stepNames.length })} />
        <span className="nowrap">{t('progress', { count, all: stepNames.length })}</span>
      </div>
      {next === undefined ? <Finished /> : null}
      <ol className="steps">
        {stepNames.map((name, index) => {
          const Content = contents[name];
          return (
            <Step key={name} number={index + 1} name={name} isDone={done[name]} isNext={name === next} isOpen={name === open} onToggle={() => toggle(name)}>
              <Content />
            </Step>
          );
        })}
      </ol>
    </div>
  );
}
