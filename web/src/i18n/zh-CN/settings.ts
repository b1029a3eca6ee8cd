import type en from '../en/settings';
import type { Words } from '../words';

export default {
  title: '设置',
} satisfies Words<typeof en>;
