// 64 clients, and kill -9 every few seconds: each answered call has exactly one event, each key is in the state that its events tell, and no plaintext is anywhere.
// Four times here; CRASH_KILLS=60 for longer.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, popCore, startService, temporaryFolder } from './support/service.mjs';
import { events } from './support/trail.mjs';

const place = temporaryFolder();
const kills = Number(process.env.CRASH_KILLS ?? 4);
const killAfter = 2500;
const clients = 64;
const canary = `canary-${randomBytes(12).toString('hex')}`;
const env = { Kms__Trail__LookupsPerSecond: '10000' };
const patience = { method: 'POST', timeout: 30_000 };
let service;
after(async () => {
  await service?.stop();
  place.remove();
});

test('every answered call has one event, whenever the process is killed', { timeout: 900_000 }, async () => {
  const port = await freePort();
  const begun = Date.now() - 1000;
  service = await startService({ data: place.folder, port, env });
  const log = [];
  const secrets = new Set([canary]);
  const seen = { answered: new Map(), refused: new Map(), keys: new Map() };
  const work = { goesOn: true };
  const workers = Array.from({ length: clients }, (_, i) => client(popCore(service), i, seen, secrets, work));
  for (let kill = 0; kill < kills; kill++) {
    await sleep(killAfter);
    await service.kill();
    log.push(service.log());
    service = await startService({ data: place.folder, port, env });
  }
  work.goesOn = false;
  await Promise.all(workers);

  const found = await events(service, { since: begun });
  const byRequest = Map.groupBy ? Map.groupBy(found, e => e.requestId) : found.reduce((map, e) => map.set(e.requestId, [...(map.get(e.requestId) ?? []), e]), new Map());
  for (const [id, action] of seen.answered) {
    const own = byRequest.get(id) ?? [];
    assert.deepEqual(own.map(e => [e.eventName, e.errorCode]), [[action, undefined]], `${action} ${id} was answered`);
  }
  for (const [id, [action, code]] of seen.refused) {
    const own = byRequest.get(id) ?? [];
    assert.deepEqual(own.map(e => [e.eventName, e.errorCode]), [[action, code]], `${action} ${id} was refused`);
  }
  const kms = popCore(service);
  const changes = { EnableKey: 'Enabled', DisableKey: 'Disabled', CreateKey: 'Enabled', ScheduleKeyDeletion: 'PendingDeletion' };
  const told = new Map();
  // Ids tell when the calls came; from page to page what lies close together may cross.
  found.sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
  for (const e of found) if (!e.errorCode && e.eventName in changes && e.resourceName) told.set(e.resourceName, changes[e.eventName]);
  for (const key of seen.keys.keys()) {
    const { KeyMetadata } = await kms.request('DescribeKey', { KeyId: key });
    const last = () => found.filter(e => e.resourceName === key && e.eventName in changes).slice(-6).map(e => [e.eventName, e.eventId, e.errorCode ?? '', e.additionalEventData.Recovered ?? '']);
    assert.equal(told.get(key), KeyMetadata.KeyState, `key ${key}: ${told.get(key) === KeyMetadata.KeyState || JSON.stringify(last())}`);
  }
  console.log(`${kills} kills, ${found.length} events, ${seen.answered.size} calls answered, ${seen.refused.size} refused, ${seen.keys.size} keys`);
  assert.ok(seen.answered.size > 500);

  await service.stop();
  log.push(service.log());
  service = undefined;
  requireAbsent(secrets, log.join('\n'), JSON.stringify(found));
});

/** Calls one thing after the other; a call whose process dies is neither answered nor refused. */
async function client(kms, number, seen, secrets, work) {
  let [key, enabled] = [undefined, true];
  const call = async (action, parameters) => {
    try {
      const answer = await kms.request(action, parameters, patience);
      seen.answered.set(answer.RequestId, action);
      return answer;
    } catch (error) {
      const { RequestId, Code } = error.data ?? {};
      // What a service that cannot do it answers is no refusal: it may have been done.
      if (RequestId && error.entry?.response?.statusCode < 500) seen.refused.set(RequestId, [action, Code]);
      return undefined;
    }
  };
  while (work.goesOn) {
    if (!key) {
      const made = await call('CreateKey', { ProtectionLevel: number % 8 ? 'SOFTWARE' : 'HSM' });
      key = made?.KeyMetadata.KeyId;
      if (key) seen.keys.set(key, true);
      else await sleep(50);
      continue;
    }
    const blob = (await call('Encrypt', { KeyId: key, Plaintext: canary }))?.CiphertextBlob;
    if (blob) await call('Decrypt', { CiphertextBlob: blob });
    const dataKey = await call('GenerateDataKey', { KeyId: key });
    if (dataKey && secrets.size < 200) secrets.add(dataKey.Plaintext);
    await call('DescribeKey', { KeyId: number % 5 ? key : 'alias/absent' });
    await call(enabled ? 'DisableKey' : 'EnableKey', { KeyId: key });
    enabled = !enabled;
    if (Math.random() < 0.02) key = undefined;
    // While the service is away.
    if (!blob) await sleep(20);
  }
}

/** None of the secrets is in the texts or in any file of the data folder, in no usual form. */
function requireAbsent(secrets, ...texts) {
  const forms = [...secrets].flatMap(text => [text, Buffer.from(text).toString('base64').replace(/=+$/, ''), Buffer.from(text).toString('hex')]).concat(
    [...secrets].filter(text => text !== canary).flatMap(text => [Buffer.from(text, 'base64').toString('hex'), Buffer.from(text, 'base64')]));
  for (const [i, text] of texts.entries()) for (const form of forms) assert.ok(!text.includes(form), `text ${i} holds a secret`);
  const needles = forms.map(form => Buffer.from(form));
  for (const name of readdirSync(place.folder, { recursive: true })) {
    const path = join(place.folder, name);
    if (!statSync(path).isFile()) continue;
    const [file, chunk] = [openSync(path, 'r'), Buffer.alloc(1 << 22)];
    for (let at = 0, read; (read = readSync(file, chunk, 0, chunk.length, at)) > 0; at += read > 256 ? read - 256 : read) {
      for (const needle of needles) assert.equal(chunk.subarray(0, read).indexOf(needle), -1, `${name} holds a secret`);
      if (read <= 256) break;
    }
    closeSync(file);
  }
}
