import { CodeOutlined, ColumnWidthOutlined, ControlOutlined } from '@ant-design/icons';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button, Drawer, Grid } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Failure, NoPermission, Page } from '@/components';
import { extraOf, toolsOf } from '@/components/chat/request';
import { Column } from './column';
import { Composer } from './composer';
import { ColumnStart, NoModels } from './empty';
import { firstModel, useChatModels } from './models';
import { ParametersPanel, useFaultText } from './parameters-panel';
import './playground.css';
import { RequestDrawer } from './request-drawer';
import type { Search } from './search';
import type { Column as Target } from './send';
import { playground, useParameters } from './store';

const route = getRouteApi('/shell/playground');

/** Trying models: a conversation with one, or with two side by side. */
export default function PlaygroundPage() {
  const { t } = useTranslation('playground');
  if (!useCan('call')) return <Page title={t('title')}><NoPermission /></Page>;
  return <Playground />;
}

function useTargets(): { columns: Target[]; models: ReturnType<typeof useChatModels> } {
  const search = route.useSearch();
  const models = useChatModels();
  const model = search.model ?? firstModel(models.data ?? []) ?? '';
  const other = search.with;
  const columns = useMemo(() => {
    const [first, second] = playground.panes;
    return other === undefined ? [{ pane: first, model }] : [{ pane: first, model }, { pane: second, model: other }];
  }, [model, other]);
  return { columns, models };
}

function Playground() {
  const { t } = useTranslation('playground');
  const navigate = useNavigate();
  const set = (change: Search) => void navigate({ to: '/playground', replace: true, search: (old: Search) => ({ ...old, ...change }) });
  const { columns, models } = useTargets();
  const isWide = Grid.useBreakpoint().lg ?? true;
  const [open, setOpen] = useState<'request' | 'parameters' | null>(null);
  const problem = useProblem(columns);
  const list = models.data ?? [];
  const isCompared = columns.length > 1;
  const close = () => {
    playground.panes[1].replace([]);
    set({ with: undefined });
  };
  const compare = () => set({ with: list.find((each) => each.id !== columns[0]?.model)?.id ?? columns[0]?.model });
  return (
    <Page
      title={t('title')}
      actions={
        <>
          {isWide ? null : (
            <Button icon={<ControlOutlined aria-hidden />} onClick={() => setOpen('parameters')}>
              {t('parameters')}
            </Button>
          )}
          {isCompared ? null : (
            <Button icon={<ColumnWidthOutlined aria-hidden />} onClick={compare} disabled={list.length === 0}>
              {t('compare')}
            </Button>
          )}
          <Button icon={<CodeOutlined aria-hidden />} onClick={() => setOpen('request')} disabled={columns[0]?.model === ''}>
            {t('request')}
          </Button>
        </>
      }
    >
      {models.error ? <Failure error={models.error} onRetry={() => void models.refetch()} isBusy={models.isFetching} /> : null}
      {models.data?.length === 0 && columns[0]?.model === '' ? (
        <NoModels />
      ) : (
        <div className={`playground${isWide ? ' is-wide' : ''}`}>
          <div className="talk">
            <div className={`columns${isCompared ? ' are-two' : ''}`}>
              {columns.map((target, index) => (
                <Column
                  key={index}
                  target={target}
                  label={isCompared ? t('modelOf', { number: index + 1 }) : t('model')}
                  models={list}
                  isLoading={models.isPending}
                  onModel={(model) => set(index === 0 ? { model } : { with: model })}
                  {...(index > 0 ? { onClose: close } : {})}
                  empty={<ColumnStart target={target} other={columns[1 - index]?.pane} />}
                />
              ))}
            </div>
            <Composer columns={columns} models={list} problem={problem} />
          </div>
          {isWide ? (
            <aside className="side" aria-label={t('parameters')}>
              <ParametersPanel />
            </aside>
          ) : null}
        </div>
      )}
      {open === 'parameters' ? (
        <Drawer open title={t('parameters')} size={Math.min(380, window.innerWidth)} onClose={() => setOpen(null)}>
          <ParametersPanel />
        </Drawer>
      ) : null}
      {open === 'request' ? <RequestDrawer columns={columns} onClose={() => setOpen(null)} /> : null}
    </Page>
  );
}

/** Why nothing can be sent now. */
function useProblem(columns: readonly Target[]): string | undefined {
  const { t } = useTranslation('playground');
  const [parameters] = useParameters();
  const [toolsFault, extraFault] = [useFaultText('tools'), useFaultText('extra')];
  if (columns.some((column) => column.model === '')) return t('chooseModel');
  const tools = toolsFault(toolsOf(parameters.tools));
  if (tools) return `${t('tools')}: ${tools}`;
  const extra = extraFault(extraOf(parameters.extra));
  return extra && `${t('extra')}: ${extra}`;
}
