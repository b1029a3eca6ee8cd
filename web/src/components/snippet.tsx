import { CopyButton } from './copy';
import './states.css';

/** A piece of code to copy. */
export function Snippet({ code, language }: { code: string; language: string }) {
  return (
    <div className="snippet">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keys too */}
      <pre tabIndex={0} aria-label={language}>
        <code className="mono">{code}</code>
      </pre>
      <div className="snippet-copy">
        <CopyButton text={code} />
      </div>
    </div>
  );
}
