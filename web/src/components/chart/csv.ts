/** What a file has for a cell: texts and figures as they are. */
export type Cell = string | number | null | undefined;

/** What a spreadsheet would calculate gets an apostrophe in front, as in the export of calls. */
function cellText(cell: Cell): string {
  if (cell == null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? plain(cell) : '';
  const text = /^[=+\-@＝＋－＠\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Every digit, never as 4.2e-7. */
function plain(value: number): string {
  const text = String(value);
  return /e/i.test(text) ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

/** Comma-separated values as RFC 4180 says, with the mark by which spreadsheets know that it is UTF-8. */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns, ...rows].map((cells) => cells.map(cellText).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** A name that every system takes for a file. */
export function fileName(title: string, ...parts: string[]): string {
  const words = [title, ...parts].map((part) => part.trim().replace(/[\s\\/:*?"<>|]+/g, '-')).filter(Boolean);
  return `${words.join('_')}.csv`;
}

/** Hands a text to the person as a file. */
export function download(name: string, text: string, type = 'text/csv;charset=utf-8') {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
