import { Tabs } from 'antd';
import { Snippet } from './snippet';
import { helloBody, type ChatBody } from './snippets/chat-body';
import { snippetKinds, snippetLanguage, snippetOf, type SnippetKind } from './snippets/snippet';

/** Names that are the same in every language. */
const names: Record<SnippetKind, string> = {
  curl: 'curl',
  'python-openai': 'Python · OpenAI',
  'node-openai': 'Node · OpenAI',
  'python-anthropic': 'Python · Anthropic',
  'node-anthropic': 'Node · Anthropic',
};

interface Props {
  /** An app token, or what stands for one. */
  token: string;
  /** The model or route that is asked. */
  model: string;
  /** The whole request, where it is more than a hello. */
  body?: ChatBody;
}

/** The request as programs to copy: curl, Python and Node, with OpenAI's and Anthropic's SDKs. */
export function CallSnippets({ token, model, body = helloBody(model) }: Props) {
  const source = { body, token, baseUrl: window.location.origin };
  return (
    <Tabs
      size="small"
      items={snippetKinds.map((kind) => ({
        key: kind,
        label: names[kind],
        children: <Snippet language={snippetLanguage[kind]} code={snippetOf(kind, source)} />,
      }))}
    />
  );
}
