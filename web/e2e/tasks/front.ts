import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the simulator answers any call with such a key: the account's credit is spent. */
const SPENT = 'Bearer sk-sim-error-429-quota';

/**
 * A provider that changes while the test goes on: it stands before the simulator, lets the credit of keys run out,
 * and lists other models.
 */
export class Front {
  /** Keys whose credit is spent. */
  readonly dry = new Set<string>();
  /** Models that it has beside the simulator's, and facts of those that it has. */
  readonly models = new Map<string, object>();
  private readonly server: Server;

  private constructor(private readonly simulatorUrl: string) {
    this.server = createServer((asked, answer) => void this.take(asked, answer).catch(() => answer.destroy()));
  }

  static async begin(simulatorUrl: string): Promise<Front> {
    const front = new Front(simulatorUrl);
    await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const key = asked.headers.authorization?.replace('Bearer ', '') ?? '';
    const isDry = this.dry.has(key);
    if (!isDry && asked.url === '/v1/models') {
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await this.list()));
      return;
    }
    const headers = isDry ? { ...asked.headers, authorization: SPENT } : asked.headers;
    const passed = request(this.simulatorUrl + asked.url, { method: asked.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }

  private async list(): Promise<object> {
    const known = await fetch(`${this.simulatorUrl}/v1/models`, { headers: { authorization: 'Bearer sk-of-the-front' } });
    const { data } = (await known.json()) as { data: { id: string; object: string }[] };
    const all = new Map(data.map((model) => [model.id, model]));
    for (const [id, facts] of this.models) all.set(id, { ...all.get(id), id, object: 'model', ...facts });
    return { object: 'list', data: [...all.values()] };
  }
}
