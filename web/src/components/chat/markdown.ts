/** A piece of text inside a block. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; inside: Inline[] };

/** A block of an answer. What models write is read leniently; nothing of it ever becomes markup or a link. */
export type Block =
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'heading'; level: number; inside: Inline[] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'list'; isOrdered: boolean; start: number; items: Inline[][] }
  | { kind: 'quote'; inside: Inline[] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

const FENCE = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^\s*>\s?(.*)$/;
const ROW = /^\s*\|(.*)\|\s*$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** A block and the text that it was read from: as long as that stays, nothing has to be drawn anew. */
export interface Piece {
  source: string;
  block: Block;
}

/** Reads Markdown into blocks; an open code block, as in a stream, lasts to the end. */
export function piecesOf(text: string): Piece[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const pieces: Piece[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const [block, next] = blockAt(lines, at, line);
    pieces.push({ source: lines.slice(at, next).join('\n'), block });
    at = next;
  }
  return pieces;
}

function blockAt(lines: string[], at: number, line: string): [Block, number] {
  const fence = FENCE.exec(line);
  if (fence) return code(lines, at + 1, fence[1] ?? '```', fence[2] ?? '');
  const heading = HEADING.exec(line);
  if (heading) {
    const [, marks = '#', words = ''] = heading;
    return [{ kind: 'heading', level: marks.length, inside: inlines(words) }, at + 1];
  }
  if (RULE.test(line)) return [{ kind: 'rule' }, at + 1];
  if (ITEM.test(line)) return list(lines, at);
  if (QUOTE.test(line)) return quote(lines, at);
  if (ROW.test(line) && DIVIDER.test(lines[at + 1] ?? '')) return table(lines, at);
  return paragraph(lines, at);
}

function code(lines: string[], from: number, fence: string, language: string): [Block, number] {
  const isEnd = (line: string) => line.trim().startsWith(fence) && line.trim().replaceAll(fence.charAt(0), '') === '';
  let at = from;
  while (at < lines.length && !isEnd(lines[at] ?? '')) at += 1;
  return [{ kind: 'code', language, text: lines.slice(from, at).join('\n') }, at + 1];
}

function list(lines: string[], from: number): [Block, number] {
  const first = ITEM.exec(lines[from] ?? '');
  const isOrdered = first?.[1] !== undefined;
  const items: string[] = [];
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const item = ITEM.exec(line);
    if (item && (item[1] !== undefined) !== isOrdered && /^\S/.test(line)) break;
    if (item) items.push(item[2] ?? '');
    else if (/^\s{2,}\S/.test(line)) items[items.length - 1] += `\n${line.trim()}`;
    else if (!(line.trim() === '' && ITEM.test(lines[at + 1] ?? ''))) break;
  }
  const start = Number(first?.[1] ?? 1);
  return [{ kind: 'list', isOrdered, start, items: items.map(inlines) }, at];
}

function quote(lines: string[], from: number): [Block, number] {
  let at = from;
  const said: string[] = [];
  for (; at < lines.length; at += 1) {
    const line = QUOTE.exec(lines[at] ?? '');
    if (!line) break;
    said.push(line[1] ?? '');
  }
  return [{ kind: 'quote', inside: inlines(said.join('\n')) }, at];
}

function table(lines: string[], from: number): [Block, number] {
  const cells = (line: string) =>
    (ROW.exec(line)?.[1] ?? '').split('|').map((cell) => inlines(cell.trim()));
  const rows: Inline[][][] = [];
  let at = from + 2;
  for (; at < lines.length && ROW.test(lines[at] ?? ''); at += 1) rows.push(cells(lines[at] ?? ''));
  return [{ kind: 'table', head: cells(lines[from] ?? ''), rows }, at];
}

function paragraph(lines: string[], from: number): [Block, number] {
  const isOther = (line: string) =>
    line.trim() === '' || FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || QUOTE.test(line);
  let at = from + 1;
  while (at < lines.length && !isOther(lines[at] ?? '')) at += 1;
  return [{ kind: 'paragraph', inside: inlines(lines.slice(from, at).join('\n')) }, at];
}

const MARKS = /(`+)([^`](?:.*?[^`])?)\1(?!`)|\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])/gs;

/** Code, bold and italic words of a text. */
export function inlines(text: string): Inline[] {
  const out: Inline[] = [];
  let end = 0;
  for (const found of text.matchAll(MARKS)) {
    if (found.index > end) out.push({ kind: 'text', text: text.slice(end, found.index) });
    const [whole, , code, strong, em] = found;
    if (code !== undefined) out.push({ kind: 'code', text: code });
    else if (strong !== undefined) out.push({ kind: 'strong', inside: inlines(strong) });
    else out.push({ kind: 'em', inside: inlines(em ?? '') });
    end = found.index + whole.length;
  }
  if (end < text.length) out.push({ kind: 'text', text: text.slice(end) });
  return out;
}
