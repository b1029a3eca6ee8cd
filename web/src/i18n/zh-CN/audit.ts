import type en from '../en/audit';
import type { Words } from '../words';

export default {
  title: '审计日志',
} satisfies Words<typeof en>;
