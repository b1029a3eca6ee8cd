import { Skeleton } from 'antd';
import { Suspense } from 'react';
import { apart } from '@/app/patiently';
import type { Props } from './range-choice';

const RangeChoice = /*#__PURE__*/ apart(() => import('./range-choice'));

/** Chooses range, zone and comparison of the page, in its address. The page does not wait for it. */
export function RangePicker(props: Props) {
  return (
    <Suspense fallback={<Skeleton.Input active />}>
      <RangeChoice {...props} />
    </Suspense>
  );
}
