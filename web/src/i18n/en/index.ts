import common from './common';
import shell from './shell';
import login from './login';
import welcome from './welcome';
import dashboard from './dashboard';
import logs from './logs';
import errors from './errors';
import alerts from './alerts';
import status from './status';
import providers from './providers';
import keys from './keys';
import models from './models';
import routes from './routes';
import tokens from './tokens';
import users from './users';
import audit from './audit';
import settings from './settings';
import playground from './playground';
import components from './components';

/** Every word of the screen, a namespace a page. */
export default {
  common,
  shell,
  login,
  welcome,
  dashboard,
  logs,
  errors,
  alerts,
  status,
  providers,
  keys,
  models,
  routes,
  tokens,
  users,
  audit,
  settings,
  playground,
  components,
};
