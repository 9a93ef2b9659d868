// Starts and stops real processes of the service.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Core from '@alicloud/pop-core';

const start = resolve(import.meta.dirname, '../../../start.sh');

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'kms-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

// Below the ports that the system gives to whoever asks for any: one of those could be taken before the service listens on it. Above 10080, which fetch refuses.
let lastPort = 11_000 + Math.floor(Math.random() * 19_000);

/** A port of 127.0.0.1 that is free, and stays so unless somebody asks for just that one. */
export async function freePort() {
  for (;;) {
    lastPort = lastPort < 30_000 ? lastPort + 1 : 11_000;
    const server = createServer();
    try {
      await once(server.listen(lastPort, '127.0.0.1'), 'listening');
    } catch (error) {
      if (error.code === 'EADDRINUSE') continue;
      throw error;
    }
    server.close();
    await once(server, 'close');
    return lastPort;
  }
}

/** A port for start.sh --cluster, which wants those up to 160 above it, too; or so many. */
export async function clusterPort(above = 160) {
  for (let first = await freePort(), last = first; ;) {
    if (last === first + above) return first;
    const next = await freePort();
    if (next !== last + 1) first = next;
    last = next;
  }
}

/** Runs start.sh until its process ends. */
export async function run(args, options = {}) {
  const child = spawn(start, ['--no-build', ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', text => (stdout += text));
  child.stderr.on('data', text => (stderr += text));
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

/** Runs kms-admin until it ends; `onLine` hears what it says meanwhile. With `terminal` it runs at one, where that is typed when it asks. */
export async function admin(args, { env = {}, onLine, terminal } = {}) {
  const program = resolve(start, '../kms-admin');
  // exec: a shell that waited would die of the Ctrl-C that the program outlives.
  const [command, ...rest] = terminal ? ['script', '-qec', 'exec ' + [program, ...args].map(word => `'${word}'`).join(' '), '/dev/null'] : [program, ...args];
  const child = spawn(command, rest, { stdio: [terminal ? 'pipe' : 'ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let [stdout, stderr, asked] = ['', '', ''];
  if (terminal) {
    child.stdout.on('data', text => {
      if (asked.includes('to go on: ')) return;
      asked += text;
      if (asked.includes('to go on: ')) child.stdin.write(terminal);
    });
  }
  createInterface({ input: child.stdout }).on('line', line => {
    stdout += line + '\n';
    onLine?.(line);
  });
  child.stderr.on('data', text => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Starts a service and sends it a signal as soon as `isDue`, which gets its log, says so. */
export async function stopWhileStarting({ data, signal, isDue }) {
  const child = launch({ data, port: await freePort() });
  let log = '';
  child.stderr.on('data', text => (log += text));
  const ended = once(child, 'close');
  while (!isDue(log) && child.exitCode === null) await new Promise(setImmediate);
  child.kill(signal);
  const [code, by] = await ended;
  return { code, signal: by, log };
}

const launched = [];
// What a failed test left would keep its file from ending. What the file itself stops at its end has half a minute.
after(() => setTimeout(() => launched.forEach(child => child.kill('SIGKILL')), 30_000).unref());

function launch({ data, port, args = [], env = {} }) {
  const child = spawn(start, ['--no-build', '--data', data, '--port', String(port), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  launched.push(child);
  return child;
}

/** Starts a service and waits for the line that says it is ready. */
export async function startService({ data, port, args, env }) {
  port ??= await freePort();
  const child = launch({ data, port, args, env });
  let log = '';
  child.stderr.on('data', text => (log += text));
  const ended = once(child, 'close');
  const ready = new Promise((accept, refuse) => {
    createInterface({ input: child.stdout }).on('line', line => {
      log += line + '\n';
      if (line.includes('is ready')) accept(line);
    });
    ended.then(([code]) => refuse(new Error(`The service ended with ${code} before it was ready: ${log}`)));
  });
  const line = await ready;
  return {
    port, data, line, pid: child.pid,
    log: () => log,
    /** Waits until the log, which is written behind what it tells of, has something in it. */
    async told(pattern) {
      for (const end = Date.now() + 30_000; !pattern.test(log); await sleep(20)) if (Date.now() > end) throw new Error(`The log says nothing like ${pattern}: ${log}`);
    },
    url: `http://127.0.0.1:${port}`,
    credentials: account => JSON.parse(readFileSync(join(data, account ? `accounts/${account}.json` : 'credentials.json'))),
    signal: name => child.kill(name),
    ended,
    async stop() {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A pop-core client, as its users make it; of KMS unless another API's version is given. */
export function popCore(service, credentials = service.credentials(), apiVersion = '2016-01-20') {
  const client = new Core({
    accessKeyId: credentials.AccessKeyId, accessKeySecret: credentials.AccessKeySecret, securityToken: credentials.SecurityToken, endpoint: service.url, apiVersion,
    // Its own 3 seconds are too few for a busy machine.
    opts: { timeout: 60_000 },
  });
  // Its answers have no prototype, which comparisons do not like.
  return { request: async (...call) => JSON.parse(JSON.stringify(await client.request(...call))) };
}

/** The code of the error that a call ends with. */
export async function codeOf(call) {
  try {
    await call;
  } catch (error) {
    return error.code ?? error.name;
  }
  return 'success';
}
