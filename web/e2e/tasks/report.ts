import { mkdirSync, writeFileSync } from 'node:fs';
import { screenshots } from '../places';
import { personSeconds, type Effort } from './hand';

const heads = ['task', 'clicks', 'keys', 'fields typed', 'machine, s', 'a person, s (estimate)'];

/** The efforts as a table: on the screen, and beside the pictures. */
export function report(efforts: ReadonlyMap<string, Effort>): void {
  const rows = [...efforts].map(([task, effort]) => [
    task,
    effort.clicks,
    effort.keys,
    effort.fields,
    effort.seconds.toFixed(1),
    personSeconds(effort).toFixed(0),
  ]);
  const text = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  mkdirSync(screenshots, { recursive: true });
  writeFileSync(`${screenshots}tasks.md`, `${text}\n`);
  console.log(text);
}
