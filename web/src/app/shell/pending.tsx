import { Skeleton } from 'antd';
import { Waiting } from '@/components/query-state';

/** A page whose script is on its way. */
export function Pending() {
  return (
    <div className="page">
      <Waiting>
        <Skeleton active paragraph={{ rows: 8 }} />
      </Waiting>
    </div>
  );
}
