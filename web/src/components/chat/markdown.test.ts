import { describe, expect, it } from 'vitest';
import { inlines, piecesOf } from './markdown';

const blocksOf = (text: string) => piecesOf(text).map((piece) => piece.block);

const kinds = (text: string) => blocksOf(text).map((block) => block.kind);

describe('the blocks of an answer', () => {
  it('are told apart', () => {
    const text = '# Title\n\nSome *text*\non two lines\n\n- a\n- b\n  more of b\n\n1. x\n\n> said\n\n---\n\n```js\nlet a;\n\nlet b;\n```';
    expect(kinds(text)).toEqual(['heading', 'paragraph', 'list', 'list', 'quote', 'rule', 'code']);
    expect(blocksOf(text).at(-1)).toEqual({ kind: 'code', language: 'js', text: 'let a;\n\nlet b;' });
  });

  it('keep code open to the end while it streams', () => {
    expect(blocksOf('```py\nprint(1')).toEqual([{ kind: 'code', language: 'py', text: 'print(1' }]);
  });

  it('read a table', () => {
    const [table] = blocksOf('| a | b |\n|---|---|\n| 1 | 2 |');
    expect(table).toMatchObject({ kind: 'table', head: [[{ text: 'a' }], [{ text: 'b' }]] });
  });

  it('leave what only looks like a mark alone', () => {
    for (const text of ['2 * 3 * 4', 'snake_case_name', 'a ` b', '**', 'a|b']) {
      expect(blocksOf(text)).toEqual([{ kind: 'paragraph', inside: [{ kind: 'text', text }] }]);
    }
  });

  it('find code, bold and italic words', () => {
    expect(inlines('a `b*c*` **d *e* g** f')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b*c*' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', inside: [{ kind: 'text', text: 'd ' }, { kind: 'em', inside: [{ kind: 'text', text: 'e' }] }, { kind: 'text', text: ' g' }] },
      { kind: 'text', text: ' f' },
    ]);
  });

  it('never take longer than the text is worth', () => {
    const text = '`*'.repeat(5_000);
    expect(inlines(text).length).toBeGreaterThan(0);
    expect(blocksOf('- '.repeat(2_000) + '\n'.repeat(2_000)).length).toBeGreaterThan(0);
  });
});
