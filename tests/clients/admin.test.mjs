// What operators do with kms-admin, to real processes of the service.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { admin, codeOf, freePort, popCore, startService, temporaryFolder } from './support/service.mjs';
import { removeValue, tokenObjects } from './support/softhsm.mjs';

const place = temporaryFolder();
after(() => place.remove());

const mode = path => (statSync(path).mode & 0o777).toString(8);
const done = async (...call) => {
  const ended = await admin(...call);
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  return ended.stdout;
};
// Versions of the root key that wrap key versions, as verify tells them.
const holders = verified => [...verified.matchAll(/\d+ key versions? under kms-root-(\d)/g)].map(match => match[1]);
const refused = async (args, reason, code = 1) => {
  const ended = await admin(args);
  assert.equal(ended.code, code, ended.stdout + ended.stderr);
  assert.match(ended.stderr, /^kms-admin: [^\n]+\n$/);
  assert.match(ended.stderr, reason);
};

test('a command line that is none is refused with code 2 and one line; help says what there is', async () => {
  assert.match(await done(['--help']), /init-token[\s\S]+rewrap[\s\S]+restore/);
  for (const command of (await done(['--help'])).match(/^ {2}[a-z-]+/gm)) assert.match(await done([command.trim(), '--help']), /^usage: kms-admin .*\[--data DIR\]/);
  await refused([], /which command/, 2);
  await refused(['explode'], /explode is no command/, 2);
  await refused(['verify', '--fast'], /--fast is no option of verify/, 2);
  await refused(['backup', '--to'], /--to lacks its value/, 2);
  await refused(['backup', '--to', 'a', '--to', 'b'], /--to was given twice/, 2);
  await refused(['backup', '--to', 'a'], /either --with-token or --without-token/, 2);
  await refused(['retire-root-key'], /needs --version N/, 2);
  await refused(['retire-root-key', '--version', 'x'], /no number/, 2);
  await refused(['add-root-key', '--export', 'f'], /needs --shares/, 2);
  await refused(['add-root-key', '--export', 'f', '--shares', '3', '--threshold', '4', '--shares-folder', 'd'], /--threshold 4 is no number from 2 to 3/, 2);
  for (const command of ['verify', 'rewrap', 'records', 'token-info', 'add-root-key']) await refused([command, '--data', join(place.folder, 'nowhere')], /is no data folder/);
  assert.ok(!existsSync(join(place.folder, 'nowhere')));
});

test('re-wrapping under load survives kill -9 and loses nothing; an old root key is retired only after it', { timeout: 280_000 }, async () => {
  const data = join(place.folder, 'rewrap');
  const at = ['--data', data];
  let service = await startService({ data });
  let kms = popCore(service);
  const call = (action, parameters) => kms.request(action, parameters, { method: 'POST' });
  const keys = [];
  const make = async (parameters, state = 'Enabled') => {
    const { KeyMetadata: { KeyId } } = await call('CreateKey', parameters);
    const key = { KeyId, state, Plaintext: randomBytes(12).toString('hex') };
    if (!parameters.KeySpec) key.CiphertextBlob = (await call('Encrypt', { KeyId, Plaintext: key.Plaintext })).CiphertextBlob;
    if (parameters.KeySpec) key.signed = await signature(KeyId);
    keys.push(key);
    if (state === 'Disabled') await call('DisableKey', { KeyId });
    if (state === 'PendingDeletion') await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  };
  const digest = Buffer.alloc(32, 7).toString('base64');
  const signature = async KeyId => {
    const { KeyVersions: { KeyVersion: [{ KeyVersionId }] } } = await call('ListKeyVersions', { KeyId });
    const { Value } = await call('AsymmetricSign', { KeyId, KeyVersionId, Algorithm: 'ECDSA_SHA_256', Digest: digest });
    return { KeyVersionId, Value };
  };
  for (let i = 0; i < 100; i++) await make({ ProtectionLevel: 'HSM' }, ['Enabled', 'Enabled', 'Disabled', 'PendingDeletion'][i % 4]);
  for (const KeySpec of ['EC_P256', 'EC_P256K', 'EC_P256']) await make({ ProtectionLevel: 'HSM', KeySpec });
  for (let i = 0; i < 5; i++) await make({ ProtectionLevel: 'SOFTWARE' });

  let killedInTheMiddle = 0;
  // How fast a machine re-wraps decides which kill comes in the middle.
  let round = 0;
  for (; round < 3 || killedInTheMiddle === 0 && round < 12; round++) {
    await done(['add-root-key', ...at]);
    // Rotation, encryption, changes of state and new keys go on meanwhile.
    let working = true;
    const busy = Array.from({ length: 4 }, async () => {
      while (working) {
        const key = keys[Math.floor(Math.random() * keys.length)];
        try {
          if (key.CiphertextBlob && key.state === 'Enabled') assert.equal((await call('Decrypt', { CiphertextBlob: key.CiphertextBlob })).Plaintext, key.Plaintext);
          if (Math.random() < 0.1) await make({ ProtectionLevel: 'HSM' }, Math.random() < 0.5 ? 'Enabled' : 'Disabled');
        } catch (error) {
          // What was in flight when the process was killed: made perhaps, acknowledged not.
          assert.match(String(error.code ?? error.cause?.code ?? error), /ECONN|EPIPE|socket|fetch|RequestError/i);
          const half = keys.findIndex(other => !other.CiphertextBlob && !other.signed);
          if (half >= 0) keys.splice(half, 1);
          return;
        }
      }
    });
    const ended = await admin(['rewrap', ...at], { onLine: line => line.startsWith('The service key') && setTimeout(() => service.signal('SIGKILL'), 20 * (round % 4)) });
    await service.kill();
    working = false;
    await Promise.all(busy);
    // A state that was being changed may or may not have got through.
    const verified = await done(['verify', '--deep', ...at]);
    assert.match(verified, new RegExp(`under kms-root-${round + 2}\\.`));
    assert.match(verified, /Everything opens\./);
    if (ended.code !== 0 && holders(verified).length > 1) killedInTheMiddle++;
    service = await startService({ data });
    kms = popCore(service);
  }
  assert.ok(killedInTheMiddle > 0, 'no run was killed in the middle');

  await done(['add-root-key', ...at]);
  const [inUse, newest] = [round + 1, round + 2].map(String);
  await refused(['retire-root-key', '--version', inUse, '--confirm', `kms-root-${inUse}`, ...at], new RegExp(`kms-root-${inUse} is in use`));
  const holding = holders(await done(['verify', '--deep', ...at])).filter(version => version !== inUse);
  await service.stop();
  for (const version of holding) await refused(['retire-root-key', '--version', version, '--confirm', `kms-root-${version}`, ...at], /wrapped under kms-root-\d still: run kms-admin rewrap first/);
  await refused(['rewrap', ...at], /the service does not run/);
  service = await startService({ data });
  kms = popCore(service);
  assert.match(await done(['rewrap', ...at]), new RegExp(`in the database: the service key under kms-root-${newest}; \\d+ key versions under kms-root-${newest}\n$`));
  assert.match(await done(['rewrap', ...at]), /^0 key versions were re-wrapped/);

  const check = async () => {
    for (const key of keys) {
      const { KeyMetadata: { KeyState } } = await call('DescribeKey', { KeyId: key.KeyId });
      assert.ok(KeyState === key.state || key.state === 'Disabled' && KeyState === 'Enabled', `${KeyState}, not ${key.state}`);
      if (KeyState === 'PendingDeletion') await call('CancelKeyDeletion', { KeyId: key.KeyId });
      if (KeyState === 'Disabled') await call('EnableKey', { KeyId: key.KeyId });
      key.state = 'Enabled';
      if (key.signed) assert.equal((await call('AsymmetricVerify', { KeyId: key.KeyId, Algorithm: 'ECDSA_SHA_256', Digest: digest, KeyVersionId: key.signed.KeyVersionId, Value: (await signature(key.KeyId)).Value })).Value, true);
      else assert.equal((await call('Decrypt', { CiphertextBlob: key.CiphertextBlob })).Plaintext, key.Plaintext);
    }
  };
  await check();
  await service.stop();
  for (let version = 1; version <= inUse; version++) {
    await refused(['retire-root-key', '--version', version, ...at], /Backups .* --confirm kms-root-/);
    assert.equal(await done(['retire-root-key', '--version', version, '--confirm', `kms-root-${version}`, ...at]), `kms-root-${version} is destroyed\n`);
  }
  await refused(['retire-root-key', '--version', '1', '--confirm', 'kms-root-1', ...at], /holds no kms-root-1/);
  assert.match(await done(['token-info', ...at]), new RegExp(`root keys +kms-root-${newest}\nin use +kms-root-${newest}\noffers +Aliyun_AES_256, `));
  service = await startService({ data });
  kms = popCore(service);
  await check();
  assert.equal(await codeOf(call('CreateKey', { ProtectionLevel: 'HSM' })), 'success');
  // A number is never given again, even if its key is gone.
  await done(['add-root-key', ...at]);
  await done(['retire-root-key', '--version', round + 3, '--confirm', `kms-root-${round + 3}`, ...at]);
  assert.match(await done(['add-root-key', ...at]), new RegExp(`^kms-root-${round + 4} was added`));
  const records = await done(['records', ...at]);
  assert.match(records, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}\S.* {2}add-root-key {2}kms-root-2 {2}done: /);
  assert.match(records, new RegExp(`retire-root-key {2}kms-root-${inUse} {2}failed: kms-root-${inUse} is in use`));
  assert.match(records, new RegExp(`retire-root-key {2}kms-root-${inUse} {2}done: kms-root-${inUse} is destroyed`));
  await service.stop();
});

test('the admin socket is its owner\'s only, and nothing of it is at the service\'s port', async () => {
  const data = join(place.folder, 'socket');
  // No setting of the web server adds a place where it listens.
  const urls = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const service = await startService({ data, env: { ASPNETCORE_URLS: urls[0], URLS: urls[1] } });
  assert.equal(mode(data), '700');
  assert.equal(mode(join(data, 'admin.sock')), '600');
  assert.equal(mode(join(data, '.lock')), '600');
  for (const path of ['/records/begin?operator=x&command=x&detail=x&version=', '/rewrap', '/retire?version=1', `/backup?to=${join(place.folder, 'stolen')}&token=with`]) {
    for (const method of ['POST', 'GET']) {
      const answer = await fetch(service.url + path, { method });
      assert.ok(answer.status >= 400, `${method} ${path} gave ${answer.status}`);
      for (const url of urls) await assert.rejects(fetch(url + path, { method }));
    }
  }
  assert.equal(await done(['records', '--data', data]), '');
  assert.ok(!existsSync(join(place.folder, 'stolen')));
  await service.stop();
  assert.ok(!existsSync(join(data, 'admin.sock')));
});

test('a socket that a killed service left is made anew; a path too long for one is told and stops nothing', async () => {
  const data = join(place.folder, 'left');
  await (await startService({ data })).kill();
  assert.ok(existsSync(join(data, 'admin.sock')));
  await done(['verify', '--deep', '--data', data]);
  await done(['add-root-key', '--data', data]);
  const service = await startService({ data });
  assert.match(await done(['rewrap', '--data', data]), /under kms-root-2/);
  await service.stop();

  const long = join(place.folder, 'x'.repeat(110 - place.folder.length));
  const deaf = await startService({ data: long });
  for (;;) {
    if (deaf.log().includes('socket')) break;
    await new Promise(setImmediate);
  }
  assert.match(deaf.log(), /kms-admin cannot reach this service: .* has \d+ bytes, and a socket's path 107 at most/);
  assert.equal(await codeOf(popCore(deaf).request('CreateKey', {})), 'success');
  await refused(['add-root-key', '--data', long], /does not answer at its admin.sock/);
  await done(['verify', '--deep', '--data', long]);
  await deaf.stop();
});

test('a root key that a killed add-root-key was making is told by rewrap, and the next one takes its place', async () => {
  const data = join(place.folder, 'half-made');
  assert.equal(await (await startService({ data })).stop(), 0);
  const earlier = tokenObjects(data);
  await done(['add-root-key', '--data', data]);
  removeValue(tokenObjects(data).find(path => !earlier.includes(path)));
  const service = await startService({ data });
  const kms = popCore(service);
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel: 'HSM' });
  const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext: 'x' });
  await refused(['rewrap', '--data', data], /cannot wrap under kms-root-2.*add-root-key/);
  await done(['add-root-key', '--data', data]);
  assert.match(await done(['rewrap', '--data', data]), /under kms-root-3/);
  assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, 'x');
  await service.stop();
  assert.match(await done(['retire-root-key', '--version', '2', '--confirm', 'kms-root-2', '--data', data]), /kms-root-2 is destroyed/);
});

test('what is typed at the prompt confirms, and Ctrl-C ends the command there', async () => {
  const data = join(place.folder, 'typed');
  const service = await startService({ data });
  await done(['add-root-key', '--data', data]);
  await service.stop();
  const typed = await admin(['retire-root-key', '--version', '2', '--data', data], { terminal: 'kms-root-1\n' });
  assert.equal(typed.code, 1);
  assert.match(typed.stdout, /Nothing was done; to go on, confirm with --confirm kms-root-2/);
  const interrupted = await admin(['retire-root-key', '--version', '2', '--data', data], { terminal: '\x03' });
  assert.equal(interrupted.code, 1);
  assert.match(interrupted.stdout, /interrupted; what was done is kept/);
  assert.match(await done(['token-info', '--data', data]), /root keys +kms-root-1, kms-root-2\n/);
  const confirmed = await admin(['retire-root-key', '--version', '2', '--data', data], { terminal: 'kms-root-2\n' });
  assert.equal(confirmed.code, 0);
  assert.match(await done(['token-info', '--data', data]), /root keys +kms-root-1\n/);
});

test('a backup is taken at one instant of a busy service, opens with verify, and a bad one is refused', async () => {
  const data = join(place.folder, 'busy');
  const service = await startService({ data });
  const kms = popCore(service);
  let working = true;
  const made = [];
  const busy = Array.from({ length: 6 }, async (_, worker) => {
    for (let i = 0; working; i++) {
      const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel: worker % 2 ? 'HSM' : 'SOFTWARE' });
      await kms.request('CreateAlias', { KeyId, AliasName: `alias/${worker}-${i}` });
      made.push(KeyId);
    }
  });
  while (made.length < 30) await new Promise(setImmediate);
  const before = [...made];
  const backup = join(place.folder, 'backup');
  const ended = await admin(['backup', '--to', backup, '--with-token', '--data', data]);
  working = false;
  await Promise.all(busy);
  assert.equal(ended.code, 0, ended.stderr);
  await service.stop();
  for (const file of readdirSync(backup, { recursive: true })) assert.equal(mode(join(backup, file)), statSync(join(backup, file)).isDirectory() ? '700' : '600', file);
  assert.deepEqual(readdirSync(place.folder).filter(name => name.includes('unfinished')), []);

  const restored = join(place.folder, 'restored');
  await refused(['restore', '--from', backup, '--data', data], /is not empty/);
  await refused(['restore', '--from', place.folder, '--data', restored], /is no backup/);
  await refused(['backup', '--to', backup, '--with-token', '--data', data], /is there already/);
  await refused(['backup', '--to', join(data, 'inside'), '--with-token', '--data', data], /is inside the data folder/);
  const damaged = join(place.folder, 'damaged');
  await done(['backup', '--to', damaged, '--without-token', '--data', data]);
  const content = readFileSync(join(damaged, 'grains.db'));
  content[content.length - 1] ^= 1;
  writeFileSync(join(damaged, 'grains.db'), content);
  await refused(['restore', '--from', damaged, '--data', restored], /grains.db is not the file that was backed up/);
  assert.ok(!existsSync(restored));
  mkdirSync(restored);
  assert.match(await done(['restore', '--from', backup, '--data', restored]), /Its token is in it/);
  // A folder that is there may be another disk: it is filled, not replaced.
  const elsewhere = join(place.folder, 'disk');
  mkdirSync(elsewhere, { mode: 0o755 });
  const link = join(place.folder, 'link');
  symlinkSync(elsewhere, link);
  await done(['restore', '--from', backup, '--data', link]);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(mode(elsewhere), '700');
  assert.deepEqual(readdirSync(elsewhere).sort(), readdirSync(restored).sort());
  assert.match(await done(['verify', '--deep', '--data', restored]), /Everything opens\./);
  const again = await startService({ data: restored });
  const listed = new Set();
  for (let PageNumber = 1; ; PageNumber++) {
    const { Keys: { Key }, TotalCount } = await popCore(again).request('ListKeys', { PageNumber, PageSize: 100 });
    for (const { KeyId } of Key) listed.add(KeyId);
    if (Key.length === 0) {
      assert.equal(TotalCount, listed.size);
      break;
    }
  }
  for (const KeyId of before) assert.ok(listed.has(KeyId), 'a key that was acknowledged before the backup is not in it');
  // Index and grains are of one instant: every key that is listed is there, with its alias or without.
  for (const KeyId of listed) assert.equal(await codeOf(popCore(again).request('Encrypt', { KeyId, Plaintext: 'x' })), 'success');
  await again.stop();
});

test('with a root key file a root key is added and the service key re-wrapped; what a token would be for is refused', async () => {
  const data = join(place.folder, 'file');
  const env = { Kms__RootKeyFile: join(place.folder, 'roots') };
  const at = ['--data', data];
  const run = async (...args) => {
    const ended = await admin([...args, ...at], { env });
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout;
  };
  const not = async (args, reason) => {
    const ended = await admin([...args, ...at], { env });
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stderr, reason);
  };
  let service = await startService({ data, env });
  let kms = popCore(service);
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', {});
  const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext: 'here' });
  assert.match(await run('add-root-key'), /root key 2 was added/);
  assert.match(await run('rewrap'), /the service key under root key 2\n$/);
  assert.match(await run('rewrap'), /the service key under root key 2\n$/);
  assert.match(await run('verify', '--deep'), /opens the service key, under root key 2\.[\s\S]*1 key version of protection level SOFTWARE[\s\S]*Everything opens\./);
  assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, 'here');
  await not(['add-root-key', '--export', join(place.folder, 'e'), '--shares', '3', '--threshold', '2', '--shares-folder', join(place.folder, 's')], /there is nothing to export/);
  await not(['retire-root-key', '--version', '1'], /delete the old root key's line/);
  await not(['backup', '--to', join(place.folder, 'file-backup'), '--with-token'], /has no token in it/);
  await run('backup', '--to', join(place.folder, 'file-backup'), '--without-token');
  await service.stop();
  // The old root key is not needed any more.
  writeFileSync(env.Kms__RootKeyFile, readFileSync(env.Kms__RootKeyFile, 'utf8').split('\n').slice(1).join('\n'));
  const restored = join(place.folder, 'file-restored');
  assert.match((await admin(['restore', '--from', join(place.folder, 'file-backup'), '--data', restored], { env })).stdout, /It takes the root key file/);
  service = await startService({ data: restored, env });
  kms = popCore(service);
  assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, 'here');
  await service.stop();
});
