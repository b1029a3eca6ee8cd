import type en from '../en/status';
import type { Words } from '../words';

export default {
  title: '状态',
} satisfies Words<typeof en>;
