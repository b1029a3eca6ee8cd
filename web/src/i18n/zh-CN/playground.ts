import type en from '../en/playground';
import type { Words } from '../words';

export default {
  title: '试验场',
} satisfies Words<typeof en>;
