import type en from '../en/welcome';
import type { Words } from '../words';

export default {
  title: '开始使用',
} satisfies Words<typeof en>;
