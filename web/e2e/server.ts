import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gateway, simulator, webDir } from './places';

export const adminPassword = 'only-for-this-run';

export interface ServerOptions {
  /** Further variables of the gateway; `undefined` takes one away. */
  env?: Record<string, string | undefined>;
  /** Calls of the past to begin with. */
  history?: { rows: number; days?: number; hours?: number };
}

const run = promisify(execFile);

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A real gateway on an empty SQLite database, beside a real simulator. */
export class Server {
  readonly url: string;
  readonly simulatorUrl: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'tollgate-e2e-'));
  private gateway: ChildProcess | undefined;
  private simulator: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly simulatorPort: number,
    private readonly options: ServerOptions,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  }

  static async begin(options: ServerOptions = {}): Promise<Server> {
    for (const program of [gateway, simulator]) {
      if (!existsSync(program)) throw new Error(`${program} is missing: \`cargo test --workspace --no-run\``);
    }
    const server = new Server(await freePort(), await freePort(), options);
    server.simulator = server.run(simulator, ['--port', String(server.simulatorPort)], 'simulator');
    if (options.history) await server.remember(options.history);
    await server.start();
    await answers(`${server.simulatorUrl}/v1/models`, server.simulator, () => server.log('simulator'));
    return server;
  }

  /** Starts the gateway, again perhaps, on the same port and data. */
  async start(): Promise<void> {
    this.gateway = this.run(gateway, ['serve'], 'gateway');
    await answers(`${this.url}/health/ready`, this.gateway, () => this.log('gateway'));
  }

  /** Lets the gateway end, at once. */
  async stop(): Promise<void> {
    await end(this.gateway);
    this.gateway = undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.stop(), end(this.simulator)]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a program has written so far. */
  log(name: 'gateway' | 'simulator'): string {
    return readFileSync(join(this.folder, `${name}.log`), 'utf8');
  }

  /** The first admin's password, which a server without `ADMIN_PASSWORD` makes and writes once. */
  madePassword(): string {
    const made = /with the password (\S+)/.exec(this.log('gateway'))?.[1];
    if (made === undefined) throw new Error(`the server has made no password:\n${this.log('gateway')}`);
    return made;
  }

  private environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, TMPDIR } = process.env;
    return {
      PATH,
      HOME,
      TMPDIR,
      HOST: '127.0.0.1',
      PORT: String(this.port),
      DATA_DIR: join(this.folder, 'data'),
      ADMIN_PASSWORD: adminPassword,
      SHUTDOWN_TIMEOUT_SECONDS: '0',
      ...(webDir ? { WEB_DIR: webDir } : {}),
      ...this.options.env,
    };
  }

  private run(program: string, args: string[], name: string): ChildProcess {
    const log = openSync(join(this.folder, `${name}.log`), 'a');
    return spawn(program, args, { cwd: this.folder, env: this.environment(), stdio: ['ignore', log, log] });
  }

  private async remember({ rows, days, hours }: NonNullable<ServerOptions['history']>) {
    const options = { cwd: this.folder, env: this.environment(), maxBuffer: 16 * 1024 * 1024 };
    await run(gateway, ['migrate'], options);
    await run(gateway, ['seed'], options);
    const span = hours ? ['--hours', String(hours)] : ['--days', String(days ?? 30)];
    const database = this.options.env?.DATABASE_URL ?? `sqlite://${join(this.folder, 'data', 'tollgate.db')}`;
    await run(simulator, ['history', '--database-url', database, '--rows', String(rows), ...span], options);
  }
}

async function answers(url: string, child: ChildProcess, log: () => string) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) break;
    // Any answer will do: it listens.
    if (await fetch(url).then(() => true, () => false)) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer:\n${log()}`);
}

async function end(child: ChildProcess | undefined) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(insist);
}
