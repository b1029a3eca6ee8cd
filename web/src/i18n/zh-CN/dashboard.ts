import type en from '../en/dashboard';
import type { Words } from '../words';

export default {
  title: '仪表盘',
} satisfies Words<typeof en>;
