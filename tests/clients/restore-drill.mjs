// The restore drill of docs/regions.md: a region's cluster with a synchronous replica of its database is killed amid writing, and goes on at a recovery site with that replica and a second
// token. Prints how long each step took, and fails if anything that was acknowledged is lost.
//   node tests/clients/restore-drill.mjs [--port N]
// Ports from N (18080) to 360 above it are used. start.sh has to have built the service; it installs PostgreSQL if that is missing.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import Core from '@alicloud/pop-core';

const root = resolve(import.meta.dirname, '../..');
const { values: options } = parseArgs({ options: { port: { type: 'string', default: '18080' } } });
const region = { Kms__RegionId: 'east-1', Kms__Trail__CheckpointSeconds: '2' };
const post = { method: 'POST', timeout: 60_000 };
const execute = promisify(execFile);

/** Runs a program to its end; the message of its failure has all that it said. */
async function run(program, args, { env = {}, cwd } = {}) {
  try {
    return (await execute(program, args, { cwd, env: { ...process.env, ...env } })).stdout.trim();
  } catch (error) {
    throw new Error(`${program} ${args[0]}: ${error.stdout}${error.stderr}`);
  }
}

const begun = performance.now();
const seconds = since => `${((performance.now() - since) / 1000).toFixed(1).padStart(7)} s`;

/** A step of the drill, with its time. */
async function step(what, act) {
  const since = performance.now();
  const result = await act();
  console.log(`${seconds(since)}  ${what}`);
  return result;
}

/** Waits for something that has to become true. */
async function until(what, isDue) {
  for (const end = performance.now() + 120_000; !(await isDue()); await sleep(100)) assert.ok(performance.now() < end, `${what}: not within two minutes`);
}

// --- A site: what start.sh --cluster makes in a folder, and its PostgreSQL.

const folder = mkdtempSync(join(tmpdir(), 'kms-drill-'));
// PostgreSQL refuses to run as root: its owner, who is another then, has to reach its folder.
chmodSync(folder, 0o711);
const asOwner = process.getuid() === 0 ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups'] : [];
const asOwnerRun = (args, settings) => run(...(([program, ...rest]) => [program, rest])([...asOwner, ...args]), { cwd: '/', ...settings });
const tool = name => join('/usr/lib/postgresql', readdirSync('/usr/lib/postgresql').sort((a, b) => a - b).at(-1), 'bin', name);

const site = (name, port) => {
  const data = join(folder, name);
  const database = join(data, 'postgres');
  const control = [tool('pg_ctl'), '-D', database, '-w', '-s'];
  const secret = role => readFileSync(join(data, 'secrets', role), 'utf8').trim();
  return {
    name, port, data, database, databasePort: port + 100,
    admin: (...args) => run(join(root, 'kms-admin'), [...args, '--data', join(data, 'silo-1')], {
      env: { ...region, Kms__Database: `Host=127.0.0.1;Port=${port + 100};Database=kms;Username=kms;Password=${secret('kms')}`, Kms__Cluster__SiloName: 'silo-1' },
    }),
    sql: text => run(tool('psql'), ['-h', '127.0.0.1', '-p', String(port + 100), '-U', 'kms', '-d', 'postgres', '-qtAX', '-c', text], { env: { PGPASSWORD: secret('kms') } }),
    serve: () => asOwnerRun([...control, '-l', join(database, 'drill.log'), '-o', `-p ${port + 100} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300`, 'start']),
    promote: () => asOwnerRun([...control, 'promote']),
    stop: mode => asOwnerRun([...control, '-m', mode, 'stop']),
  };
};

const started = [];

/** Starts the cluster of a site, and waits until it is ready. */
async function start(of) {
  const args = ['--no-build', '--cluster', '2x1', '--port', String(of.port), '--data', of.data];
  const child = spawn(join(root, 'start.sh'), args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...region } });
  let log = '';
  child.stderr.on('data', text => (log += text));
  const ended = once(child, 'close');
  const cluster = { child, ended, url: `http://127.0.0.1:${of.port}` };
  started.push(cluster);
  await Promise.race([
    new Promise(accept => createInterface({ input: child.stdout }).on('line', line => line.includes('is ready') && accept())),
    ended.then(([code]) => { throw new Error(`The cluster of ${of.name} ended with ${code}: ${log}`); }),
  ]);
  return cluster;
}

/** Ends each process of a cluster at once, as a site does that loses its power. */
async function kill(of, cluster) {
  const server = Number(readFileSync(join(of.database, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const workers = (await run('ps', ['-o', 'pid=', '--ppid', String(server)])).split('\n').map(Number);
  const others = readdirSync(join(of.data, 'processes')).map(name => Number(readFileSync(join(of.data, 'processes', name), 'utf8')));
  for (const id of [server, ...others, cluster.child.pid]) process.kill(id, 'SIGKILL');
  // They end by themselves when they find their server gone; some have by now.
  for (const id of workers.filter(id => existsSync(`/proc/${id}`))) {
    try { process.kill(id, 'SIGKILL'); } catch (error) { if (error.code !== 'ESRCH') throw error; }
  }
  await cluster.ended;
}

// --- The account's use of it. Whatever is answered is kept, and has to be there afterwards.

const answered = { requests: [], keys: [], blobs: [] };
let credentials;

const api = (cluster, apiVersion = '2016-01-20', by = credentials) => {
  // Its own 3 seconds are too few for a busy machine.
  const client = new Core({ accessKeyId: by.AccessKeyId, accessKeySecret: by.AccessKeySecret, endpoint: cluster.url, apiVersion, opts: { timeout: 60_000 } });
  return async (action, parameters = {}) => {
    const answer = JSON.parse(JSON.stringify(await client.request(action, parameters, post)));
    answered.requests.push(answer.RequestId.toUpperCase());
    return answer;
  };
};

async function createKey(kms, parameters) {
  const { KeyMetadata: { KeyId } } = await kms('CreateKey', parameters);
  answered.keys.push(KeyId);
  return KeyId;
}

async function encrypt(kms, KeyId, Plaintext) {
  const { CiphertextBlob } = await kms('Encrypt', { KeyId, Plaintext });
  answered.blobs.push({ KeyId, Plaintext, CiphertextBlob });
}

const levels = ['SOFTWARE', 'HSM'];
const user = { UserName: 'alice' };
const policy = { PolicyName: 'describe', PolicyType: 'Custom' };

/** Keys of both levels in several states, with aliases and tags, and a RAM user who may describe them. */
async function furnish(cluster) {
  const kms = api(cluster);
  const ids = [];
  for (const ProtectionLevel of levels) {
    for (const name of ['used', 'disabled', 'leaving']) {
      const KeyId = await createKey(kms, { ProtectionLevel, Description: `${name}, ${ProtectionLevel}` });
      await encrypt(kms, KeyId, `under ${name}`);
      await kms('CreateAlias', { KeyId, AliasName: `alias/${ProtectionLevel}-${name}` });
      await kms('TagResource', { KeyId, Tags: JSON.stringify([{ TagKey: 'is', TagValue: name }]) });
      ids.push(KeyId);
    }
    await kms('DisableKey', { KeyId: ids.at(-2) });
    await kms('ScheduleKeyDeletion', { KeyId: ids.at(-1), PendingWindowInDays: 30 });
  }
  const ram = api(cluster, '2015-05-01');
  await ram('CreateUser', user);
  await ram('CreatePolicy', { ...policy, PolicyDocument: JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'kms:DescribeKey', Resource: '*' }] }) });
  await ram('AttachPolicyToUser', { ...policy, ...user });
  return { ids, alice: (await ram('CreateAccessKey', user)).AccessKey };
}

/** What lookups tell of that, without the ids of the requests. */
async function portrait(cluster, ids) {
  const [kms, ram] = [api(cluster), api(cluster, '2015-05-01')];
  const seen = {};
  for (const KeyId of ids) {
    const [{ KeyMetadata }, { Tags }, { Aliases }] = [await kms('DescribeKey', { KeyId }), await kms('ListResourceTags', { KeyId }), await kms('ListAliasesByKeyId', { KeyId })];
    seen[KeyId] = { ...KeyMetadata, tags: Tags.Tag, aliases: Aliases.Alias };
  }
  for (const [action, parameters] of [['ListUsers', {}], ['ListAccessKeys', user], ['ListPoliciesForUser', user], ['GetPolicy', policy]]) {
    const { RequestId, ...told } = await ram(action, parameters);
    seen[action] = told;
  }
  seen.aliases = (await kms('ListAliases', { PageSize: 100 })).Aliases.Alias;
  return seen;
}

let isOver = false;
/** Goes on making keys and encrypting until the site is gone. */
async function write(cluster, number) {
  const kms = api(cluster);
  try {
    for (let i = 0; ; i++) await encrypt(kms, await createKey(kms, { ProtectionLevel: levels[(number + i) % 2] }), `${number}.${i}`);
  } catch (error) {
    if (!isOver) throw error;
  }
}

/** All items of a list of KMS. */
async function pages(kms, action, take) {
  const all = [];
  for (let PageNumber = 1; ; PageNumber++) {
    const page = await kms(action, { PageNumber, PageSize: 100 });
    all.push(...take(page));
    if (all.length >= page.TotalCount) return all;
  }
}

/** The ids of all events of the account. */
async function eventIds(cluster) {
  const trail = api(cluster, '2020-07-06');
  const [StartTime, EndTime] = [-3_600_000, 3_600_000].map(from => new Date(Date.now() + from).toISOString().replace(/\.\d+Z$/, 'Z'));
  const all = new Set();
  for (let NextToken; ;) {
    const page = await trail('LookupEvents', { StartTime, EndTime, MaxResults: '50', ...(NextToken && { NextToken }) });
    for (const { eventId } of page.Events) all.add(eventId);
    if (!(NextToken = page.NextToken)) return all;
  }
}

// --- The drill.

const from = site('site', Number(options.port));
const to = site('recovery', Number(options.port) + 200);
const checkpoints = join(folder, 'checkpoints.json');

/** Makes the recovery site: a replica of the database that has to have everything that is committed, the database's passwords, and the second token with the same root keys. */
async function prepare() {
  const password = await run('openssl', ['rand', '-hex', '24']);
  await from.sql(`CREATE ROLE kms_replica REPLICATION LOGIN PASSWORD '${password}'`);
  mkdirSync(to.data, { mode: 0o711 });
  mkdirSync(to.database, { mode: 0o700 });
  if (asOwner.length > 0) await run('chown', ['postgres', to.database]);
  const source = `host=127.0.0.1 port=${from.databasePort} user=kms_replica application_name=recovery`;
  await asOwnerRun([tool('pg_basebackup'), '-d', source, '-D', to.database, '-R', '-C', '-S', 'recovery', '-c', 'fast'], { env: { PGPASSWORD: password } });
  await to.serve();
  // After the copy: the replica waits for no replica when it is promoted.
  await from.sql("ALTER SYSTEM SET synchronous_standby_names = 'recovery'");
  await from.sql('SELECT pg_reload_conf()');
  const taken = { secrets: 'secrets', 'credentials.json': 'credentials.json', 'silo-2/hsm': 'silo-1/hsm' };
  for (const [name, as] of Object.entries(taken)) cpSync(join(from.data, name), join(to.data, as), { recursive: true });
  await until('the replica is synchronous', async () => (await from.sql("SELECT sync_state FROM pg_stat_replication WHERE application_name = 'recovery'")) === 'sync');
}

/** Nothing may be answered that is at the first site only. */
async function withoutReplica(cluster, KeyId) {
  const kms = api(cluster);
  await to.stop('fast');
  // In the first one commits are given up while they wait for the replica: those are there, and can be seen, and still may be lost.
  for (let round = 1; round <= 2; round++) {
    const calls = [kms('Encrypt', { KeyId, Plaintext: 'x' }), kms('DescribeKey', { KeyId }), kms('CreateKey')];
    for (const { status, reason } of await Promise.allSettled(calls)) assert.deepEqual([status, reason?.code], ['rejected', 'ServiceUnavailableTemporary']);
  }
  await to.serve();
  await until('calls are answered again', () => kms('Encrypt', { KeyId, Plaintext: 'x' }).then(() => true, error => {
    if (error.code !== 'ServiceUnavailableTemporary') throw error;
  }));
}

async function replicated() {
  const written = await from.sql('SELECT pg_current_wal_flush_lsn()');
  await until('the replica has replayed all', async () => (await to.sql(`SELECT pg_last_wal_replay_lsn() >= '${written}'`)) === 't');
}

try {
  const old = await step('first site: PostgreSQL, two silos, a gateway', () => start(from));
  credentials = JSON.parse(readFileSync(join(from.data, 'credentials.json')));
  const { ids, alice } = await step('keys, aliases, tags, a RAM user, ciphertexts', () => furnish(old));
  const before = await portrait(old, ids);
  await step('recovery site: a streaming replica, synchronous from now on; passwords; the second token', prepare);
  await step('while the replica is away no call is answered', () => withoutReplica(old, ids[0]));

  const writers = [1, 2, 3].map(number => write(old, number));
  await step('writing goes on; checkpoints of the trail are taken to the recovery site', async () => {
    const enough = answered.blobs.length + 30;
    await Promise.race([until('30 more ciphertexts', () => answered.blobs.length >= enough), ...writers]);
    const kept = await from.admin('trail', 'checkpoint');
    assert.match(kept, /kms-trail-checkpoint/);
    writeFileSync(checkpoints, `${kept}\n`);
  });
  await step('the replica has replayed what had been written', replicated);

  isOver = true;
  const acknowledged = answered.blobs.length;
  const disaster = performance.now();
  await step('kill -9 of every process of the first site, amid writing', () => kill(from, old));
  await Promise.all(writers);
  const lost = { keys: answered.keys.length, blobs: answered.blobs.length, requests: answered.requests.length };
  assert.ok(lost.blobs >= acknowledged);

  await step('the replica is promoted', async () => {
    await to.promote();
    await to.stop('fast');
  });
  const anew = await step('recovery site: PostgreSQL, two silos with the second token, a gateway', () => start(to));
  const kms = api(anew);
  const opened = await step('the first call is answered', () => kms('Decrypt', { CiphertextBlob: answered.blobs[0].CiphertextBlob }));
  console.log(`${seconds(disaster)}  in all, from the disaster to the first answer`);
  assert.equal(opened.Plaintext, answered.blobs[0].Plaintext);

  await step('DescribeKey, tags, aliases and RAM tell what they told before', async () => {
    assert.deepEqual(await portrait(anew, ids), before);
    await api(anew, undefined, alice)('DescribeKey', { KeyId: ids[0] });
    await assert.rejects(api(anew, undefined, alice)('Encrypt', { KeyId: ids[0], Plaintext: 'x' }), { code: 'Forbidden.NoPermission' });
  });
  await step(`all ${lost.keys} keys are listed; of ${lost.blobs} ciphertexts all open but those of disabled and leaving keys, which open as before once they are enabled`, async () => {
    const listed = new Set(await pages(kms, 'ListKeys', page => page.Keys.Key.map(key => key.KeyId)));
    for (const KeyId of answered.keys) assert.ok(listed.has(KeyId), `key ${KeyId} is lost`);
    for (const KeyId of ids) {
      if (before[KeyId].KeyState === 'PendingDeletion') await kms('CancelKeyDeletion', { KeyId });
      if (before[KeyId].KeyState !== 'Enabled') await kms('EnableKey', { KeyId });
    }
    for (const { KeyId, Plaintext, CiphertextBlob } of answered.blobs) {
      const { RequestId, KeyVersionId, ...told } = await kms('Decrypt', { CiphertextBlob });
      assert.deepEqual(told, { KeyId, Plaintext });
    }
  });
  await step('new keys of both levels can be made and used', async () => {
    for (const ProtectionLevel of levels) {
      const KeyId = await createKey(kms, { ProtectionLevel });
      await encrypt(kms, KeyId, 'after');
      assert.equal((await kms('Decrypt', { CiphertextBlob: answered.blobs.at(-1).CiphertextBlob })).Plaintext, 'after');
    }
  });
  await step(`each of the ${lost.requests} calls that were answered before is in the trail`, async () => {
    const events = await eventIds(anew);
    for (const id of answered.requests.slice(0, lost.requests)) assert.ok(events.has(id), `the event of request ${id} is lost`);
  });
  await step('kms-admin verify --deep', async () => assert.match(await to.admin('verify', '--deep'), /Everything opens\./));
  await step('kms-admin trail verify, with the checkpoints from the first site', async () => {
    assert.match(await to.admin('trail', 'verify', '--checkpoint', checkpoints), /Everything is as it was written\./);
  });
  console.log(`${seconds(begun)}  in all; nothing that was acknowledged is lost`);
} finally {
  for (const { child, ended } of started) {
    child.kill('SIGTERM');
    await ended;
  }
  for (const { database, serve, stop } of [from, to]) {
    const file = join(database, 'postmaster.pid');
    if (!existsSync(file)) continue;
    // A server that was killed leaves shared memory, which its next start takes away.
    if (!existsSync(`/proc/${readFileSync(file, 'utf8').split('\n')[0]}`)) await serve();
    await stop('immediate');
  }
  rmSync(folder, { recursive: true, force: true });
}
