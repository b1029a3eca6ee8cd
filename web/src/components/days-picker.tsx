import { DatePicker } from 'antd';
import dayjs from 'dayjs';

interface Props {
  label: string;
  /** The first and the last day, as moments or dates. */
  from: string;
  to: string;
  /** Tells both as dates: 2026-11-22. */
  onChange: (from: string, to: string) => void;
}

/** Chooses a first and a last day. */
export default function DaysPicker({ label, from, to, onChange }: Props) {
  return (
    <DatePicker.RangePicker
      allowClear={false}
      aria-label={label}
      value={[dayjs(from), dayjs(to)]}
      onChange={(days) => {
        if (days?.[0] && days[1]) onChange(days[0].format('YYYY-MM-DD'), days[1].format('YYYY-MM-DD'));
      }}
    />
  );
}
