import {
  AlertOutlined,
  ApiOutlined,
  AuditOutlined,
  BranchesOutlined,
  BugOutlined,
  CloudServerOutlined,
  DashboardOutlined,
  DeploymentUnitOutlined,
  ExperimentOutlined,
  HeartOutlined,
  RocketOutlined,
  SettingOutlined,
  TeamOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Role } from './session';

/** A page of the navigation; `name` is its namespace of words, whose `title` it bears. */
export interface PageEntry {
  name: PageName;
  path: string;
  icon: ReactNode;
  group: 'start' | 'observe' | 'configure' | 'access' | 'try';
  roles: readonly Role[];
}

/** The namespaces of words of the pages in the navigation. */
export const pageNames = [
  'welcome', 'dashboard', 'logs', 'errors', 'alerts', 'status', 'providers', 'models', 'routes',
  'tokens', 'users', 'audit', 'settings', 'playground',
] as const;
export type PageName = (typeof pageNames)[number];

const readers = ['admin', 'analyst'] as const;
const admins = ['admin'] as const;

/** The map: navigation, palette and guards all read it. */
export const pages: readonly PageEntry[] = [
  { name: 'welcome', path: '/welcome', icon: <RocketOutlined aria-hidden />, group: 'start', roles: admins },
  { name: 'dashboard', path: '/dashboard', icon: <DashboardOutlined aria-hidden />, group: 'observe', roles: readers },
  { name: 'logs', path: '/logs', icon: <UnorderedListOutlined aria-hidden />, group: 'observe', roles: readers },
  { name: 'errors', path: '/errors', icon: <BugOutlined aria-hidden />, group: 'observe', roles: readers },
  { name: 'alerts', path: '/alerts', icon: <AlertOutlined aria-hidden />, group: 'observe', roles: readers },
  { name: 'status', path: '/status', icon: <HeartOutlined aria-hidden />, group: 'observe', roles: readers },
  { name: 'providers', path: '/providers', icon: <CloudServerOutlined aria-hidden />, group: 'configure', roles: readers },
  { name: 'models', path: '/models', icon: <DeploymentUnitOutlined aria-hidden />, group: 'configure', roles: readers },
  { name: 'routes', path: '/routes', icon: <BranchesOutlined aria-hidden />, group: 'configure', roles: readers },
  { name: 'tokens', path: '/tokens', icon: <ApiOutlined aria-hidden />, group: 'access', roles: admins },
  { name: 'users', path: '/users', icon: <TeamOutlined aria-hidden />, group: 'access', roles: admins },
  { name: 'audit', path: '/audit', icon: <AuditOutlined aria-hidden />, group: 'access', roles: admins },
  { name: 'settings', path: '/settings', icon: <SettingOutlined aria-hidden />, group: 'access', roles: admins },
  { name: 'playground', path: '/playground', icon: <ExperimentOutlined aria-hidden />, group: 'try', roles: ['admin', 'app'] },
];

/** The pages that a role may see. */
export function pagesOf(role: Role): readonly PageEntry[] {
  return pages.filter((page) => page.roles.includes(role));
}

/** The page that an address belongs to. */
export function pageAt(path: string): PageEntry | undefined {
  if (path === '/') return pages.find((page) => page.name === 'dashboard');
  return pages.find((page) => path === page.path || path.startsWith(`${page.path}/`));
}

/** Where somebody of this role begins. */
export function homeOf(role: Role): string {
  return role === 'app' ? '/playground' : '/';
}
