import type { Stage } from '../harness';

/** An app with a token of its own. */
export interface Caller {
  name: string;
  token: string;
  url: string;
}

export async function givenApp(stage: Stage, name: string): Promise<Caller> {
  const { token } = await stage.admin.post<{ token: string }>('/api/admin/app-tokens', { name });
  return { name, token, url: stage.url };
}

/** A call as an app makes it; what came back, and its request id. */
export async function callAs(app: Caller, model = 'openai/sim-chat'): Promise<{ status: number; requestId: string }> {
  const response = await fetch(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await response.text();
  return { status: response.status, requestId: response.headers.get('x-request-id') ?? '' };
}
