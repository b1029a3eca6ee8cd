import type en from '../en/logs';
import type { Words } from '../words';

export default {
  title: '调用',
} satisfies Words<typeof en>;
