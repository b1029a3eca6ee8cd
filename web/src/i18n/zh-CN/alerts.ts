import type en from '../en/alerts';
import type { Words } from '../words';

export default {
  title: '告警',
} satisfies Words<typeof en>;
