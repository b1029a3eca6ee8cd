/** Calls the API beside the browser, to prepare what a test needs and to look at what it did. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string, username: string, password: string): Promise<Api> {
    const grant = await new Api(url, '').post<{ token: string }>('/api/auth/login', { username, password });
    return new Api(url, grant.token);
  }

  get<T = unknown>(path: string): Promise<T> {
    return this.send('GET', path);
  }
  post<T = unknown>(path: string, body: object = {}): Promise<T> {
    return this.send('POST', path, body);
  }
  put<T = unknown>(path: string, body: object): Promise<T> {
    return this.send('PUT', path, body);
  }
  delete<T = unknown>(path: string): Promise<T> {
    return this.send('DELETE', path);
  }

  private async send<T>(method: string, path: string, body?: object): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body) headers['content-type'] = 'application/json';
    const response = await fetch(this.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const answer = (await response.json()) as { data: T };
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer.data;
  }
}

/** Lets the shipped provider `openai` (id 1) stand before the simulator, with a key and the simulator's models. */
export async function simulate(admin: Api, simulatorUrl: string): Promise<{ providerId: number; keyId: number }> {
  const providers = await admin.get<{ id: number; providerCode: string }[]>('/api/admin/ai-providers');
  const providerId = providers.find((each) => each.providerCode === 'openai')?.id ?? 0;
  await admin.put(`/api/admin/ai-providers/${providerId}`, { baseUrl: `${simulatorUrl}/v1`, isActive: true });
  const key = await admin.post<{ id: number }>(`/api/admin/ai-providers/${providerId}/keys`, {
    keyName: 'main',
    apiKey: 'sk-for-the-tests',
  });
  await admin.post(`/api/admin/ai-providers/keys/${key.id}/validate`);
  await admin.post(`/api/admin/ai-providers/${providerId}/sync-models`);
  return { providerId, keyId: key.id };
}
