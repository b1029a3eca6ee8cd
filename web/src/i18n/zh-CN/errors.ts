import type en from '../en/errors';
import type { Words } from '../words';

export default {
  title: '错误',
} satisfies Words<typeof en>;
