import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, type RouteComponent } from '@tanstack/react-router';
import { validateSearch as alerts } from '@/pages/alerts/search';
import { validateSearch as audit } from '@/pages/audit/search';
import { validateSearch as dashboard } from '@/pages/dashboard/search';
import { validateSearch as errors } from '@/pages/errors/search';
import { validateSearch as logs } from '@/pages/logs/search';
import { validateSearch as model } from '@/pages/model/search';
import { validateSearch as models } from '@/pages/models/search';
import { validateSearch as playground } from '@/pages/playground/search';
import { validateSearch as provider } from '@/pages/provider/search';
import { validateSearch as providers } from '@/pages/providers/search';
import { validateSearch as routes } from '@/pages/routes/search';
import { validateSearch as settings } from '@/pages/settings/search';
import { validateSearch as status } from '@/pages/status/search';
import { validateSearch as tokens } from '@/pages/tokens/search';
import { validateSearch as users } from '@/pages/users/search';
import { validateSearch as welcome } from '@/pages/welcome/search';
import { validateRange } from './range';
import { patiently } from './patiently';
import { parseSearch, stringifySearch, text } from './search';
import { inside } from './inside';
import { homeOf } from './pages';
import { session } from './session';
import { Broken } from './shell/broken';
import { NotFound } from './shell/not-found';
import { Pending } from './shell/pending';

/** A page whose script is loaded when it is opened. */
const page = <Module extends { default: RouteComponent }>(load: () => Promise<Module>) => lazyRouteComponent(() => patiently(load));

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Broken });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (raw: Record<string, unknown>) => ({ next: text(raw.next) }),
  component: page(() => import('./login/login-page')),
  beforeLoad: ({ search }) => {
    const { status, me } = session.state();
    if (status === 'in' && me) throw redirect({ href: inside(search.next) ?? homeOf(me.role) });
  },
});

/** Everything within it is for those who are signed in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  validateSearch: validateRange,
  component: page(() => import('./shell/shell')),
  errorComponent: Broken,
  beforeLoad: ({ location }) => {
    if (session.state().status !== 'out') return;
    const next = location.href === '/' ? undefined : location.href;
    throw redirect({ to: '/login', search: { next } });
  },
});

const under = <Path extends string>(path: Path) => ({ getParentRoute: () => shell, path });

const logsPage = createRoute({ ...under('/logs'), validateSearch: logs, component: page(() => import('@/pages/logs')) });

const tree = root.addChildren([
  login,
  shell.addChildren([
    createRoute({
      ...under('/'),
      validateSearch: dashboard,
      component: page(() => import('@/pages/dashboard')),
      beforeLoad: () => {
        if (session.state().me?.role === 'app') throw redirect({ to: '/playground' });
      },
    }),
    createRoute({ ...under('/dashboard'), validateSearch: dashboard, component: page(() => import('@/pages/dashboard')) }),
    // The list stays while a call is open; its drawer reads `requestId` from the address.
    logsPage.addChildren([createRoute({ getParentRoute: () => logsPage, path: '$requestId' })]),
    createRoute({ ...under('/errors'), validateSearch: errors, component: page(() => import('@/pages/errors')) }),
    createRoute({ ...under('/alerts'), validateSearch: alerts, component: page(() => import('@/pages/alerts')) }),
    createRoute({ ...under('/status'), validateSearch: status, component: page(() => import('@/pages/status')) }),
    createRoute({ ...under('/providers'), validateSearch: providers, component: page(() => import('@/pages/providers')) }),
    createRoute({
      ...under('/providers/$id'),
      beforeLoad: ({ params }) => {
        throw redirect({ to: '/providers/$id/$tab', params: { id: params.id, tab: 'keys' }, replace: true });
      },
    }),
    createRoute({ ...under('/providers/$id/$tab'), validateSearch: provider, component: page(() => import('@/pages/provider')) }),
    createRoute({ ...under('/models'), validateSearch: models, component: page(() => import('@/pages/models')) }),
    createRoute({ ...under('/models/$id'), validateSearch: model, component: page(() => import('@/pages/model')) }),
    createRoute({ ...under('/routes'), validateSearch: routes, component: page(() => import('@/pages/routes')) }),
    createRoute({ ...under('/tokens'), validateSearch: tokens, component: page(() => import('@/pages/tokens')) }),
    createRoute({ ...under('/users'), validateSearch: users, component: page(() => import('@/pages/users')) }),
    createRoute({ ...under('/audit'), validateSearch: audit, component: page(() => import('@/pages/audit')) }),
    createRoute({ ...under('/settings'), validateSearch: settings, component: page(() => import('@/pages/settings')) }),
    createRoute({ ...under('/playground'), validateSearch: playground, component: page(() => import('@/pages/playground')) }),
    createRoute({ ...under('/welcome'), validateSearch: welcome, component: page(() => import('@/pages/welcome')) }),
  ]),
]);

export const router = createRouter({ routeTree: tree, parseSearch, stringifySearch, defaultPreload: 'intent', defaultPendingComponent: Pending });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
