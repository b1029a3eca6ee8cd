import { memo, type ReactNode } from 'react';
import { Snippet } from '..';
import { piecesOf, type Block, type Inline, type Piece } from './markdown';

/** An answer's Markdown; while it streams only its last block is drawn anew. */
export function MarkdownView({ text }: { text: string }) {
  return (
    <div className="prose">
      {piecesOf(text).map((piece, index) => (
        <PieceView key={index} piece={piece} />
      ))}
    </div>
  );
}

const PieceView = memo(
  function PieceView({ piece }: { piece: Piece }) {
    return <BlockView block={piece.block} />;
  },
  (before, after) => before.piece.source === after.piece.source,
);

function BlockView({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p>{inside(block.inside)}</p>;
    case 'heading':
      // The page has the levels above; how large it is, is all that is left of its own.
      return <p className={`prose-heading is-${Math.min(block.level, 4)}`}>{inside(block.inside)}</p>;
    case 'code':
      return <Snippet code={block.text} language={block.language || 'text'} />;
    case 'quote':
      return <blockquote>{inside(block.inside)}</blockquote>;
    case 'rule':
      return <hr />;
    case 'list':
      return block.isOrdered ? (
        <ol start={block.start}>{block.items.map(item)}</ol>
      ) : (
        <ul>{block.items.map(item)}</ul>
      );
    case 'table':
      return <TableView head={block.head} rows={block.rows} />;
  }
}

const item = (parts: Inline[], index: number) => <li key={index}>{inside(parts)}</li>;

function TableView({ head, rows }: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    <div className="prose-table">
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col">
                {inside(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{inside(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inside(parts: Inline[]): ReactNode {
  return parts.map((part, index) => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'code':
        return (
          <code key={index} className="mono">
            {part.text}
          </code>
        );
      case 'strong':
        return <strong key={index}>{inside(part.inside)}</strong>;
      case 'em':
        return <em key={index}>{inside(part.inside)}</em>;
    }
  });
}
