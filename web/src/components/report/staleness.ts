import './report.css';

/** What a part of a report is told while it still shows the answer to the question before: it is dimmed and takes no clicks. */
export function staleness({ isPlaceholderData }: { isPlaceholderData: boolean }) {
  return { 'aria-busy': isPlaceholderData, 'data-stale': isPlaceholderData };
}
