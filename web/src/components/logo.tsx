/** The mark: a gate, its bar down. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#14532d" />
      <path d="M8 25V11.5a8 8 0 0 1 16 0V25" fill="none" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
      <path d="M5.5 17.5h21" stroke="#facc15" strokeWidth="3.2" strokeLinecap="round" />
    </svg>
  );
}

/** The mark with the name. */
export function Wordmark() {
  return (
    <span className="wordmark">
      <Mark />
      <span>Tollgate</span>
    </span>
  );
}
