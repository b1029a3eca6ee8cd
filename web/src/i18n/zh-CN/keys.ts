import type en from '../en/keys';
import type { Words } from '../words';

export default {
  title: '密钥',
} satisfies Words<typeof en>;
