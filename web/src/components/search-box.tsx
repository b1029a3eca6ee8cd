import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';

interface Props {
  /** What the address has. */
  value: string | undefined;
  /** Told a moment after the last letter, so that typing is never held up. */
  onChange: (value: string | undefined) => void;
  label: string;
}

const PAUSE_MS = 200;

/** Narrows a list by words: shows each letter at once, and tells of them when the typing pauses. */
export function SearchBox({ value = '', onChange, label }: Props) {
  const [draft, setDraft] = useState(value);
  const told = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // The address was changed by somebody else: "clear filters", or the way back.
    if (value !== told.current) setDraft(value);
    told.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (next: string) => {
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      told.current = next;
      onChange(next.trim() || undefined);
    }, PAUSE_MS);
  };
  return (
    <Input.Search allowClear type="search" className="search-box" aria-label={label} placeholder={label} value={draft} onChange={({ target }) => tell(target.value)} />
  );
}
