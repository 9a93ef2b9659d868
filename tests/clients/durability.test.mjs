// What was acknowledged survives kill -9; what is secret is nowhere on disk or in the log.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { admin, codeOf, popCore, startService, stopWhileStarting, temporaryFolder } from './support/service.mjs';
import { removeValue, tokenObjects } from './support/softhsm.mjs';
import { events } from './support/trail.mjs';

let place, data;
before(() => {
  place = temporaryFolder();
  data = join(place.folder, 'data');
});
after(() => place.remove());

test('kill -9 at any moment loses nothing that was acknowledged', async () => {
  const keys = new Map();
  const blobs = [];
  for (let round = 0; round < 6; round++) {
    const service = await startService({ data });
    const kms = popCore(service);
    let acknowledged = 0;
    let working = true;
    const worker = async number => {
      while (working) {
        try {
          const level = (number + acknowledged) % 2 ? 'HSM' : 'SOFTWARE';
          const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel: level });
          keys.set(KeyId, 'Enabled');
          const Plaintext = `${KeyId} ${acknowledged}`;
          const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext });
          blobs.push({ CiphertextBlob, Plaintext, KeyId });
          if (acknowledged++ % 3 === 0) {
            keys.set(KeyId, 'unknown');
            await kms.request('DisableKey', { KeyId });
            keys.set(KeyId, 'Disabled');
          }
        } catch (error) {
          assert.match(String(error.code ?? error.cause?.code ?? error), /ECONN|EPIPE|socket|fetch|RequestError/i);
          return;
        }
      }
    };
    const workers = Array.from({ length: 8 }, (_, i) => worker(i));
    // Killed in the midst of the work: after some acknowledged calls, another number each round.
    while (acknowledged < 10 + 7 * round) await new Promise(setImmediate);
    await service.kill();
    working = false;
    await Promise.all(workers);
  }

  const service = await startService({ data });
  const kms = popCore(service);
  const listed = new Set();
  for (let PageNumber = 1; ; PageNumber++) {
    const page = await kms.request('ListKeys', { PageNumber, PageSize: 100 });
    if (page.Keys.Key.length === 0) {
      assert.equal(page.TotalCount, listed.size);
      break;
    }
    for (const key of page.Keys.Key) listed.add(key.KeyId);
  }
  assert.ok(keys.size > 60);
  for (const [KeyId, state] of keys) {
    assert.ok(listed.has(KeyId), `${KeyId} is listed`);
    const found = (await kms.request('DescribeKey', { KeyId })).KeyMetadata.KeyState;
    if (state !== 'unknown') assert.equal(found, state);
    if (found === 'Disabled') await kms.request('EnableKey', { KeyId });
  }
  for (const KeyId of listed) assert.ok((await kms.request('DescribeKey', { KeyId })).KeyMetadata, 'what is listed is there');
  for (const { CiphertextBlob, Plaintext } of blobs) assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
  await service.stop();
});

test('kill -9 during the first start leaves a folder that starts', async () => {
  // Killed when the folder has so many entries, from none to those of a finished set-up, whatever the speed of the machine.
  for (const entries of [1, 3, 5, 7, 9, 10, 11, 12, 13, 14, 15, 17]) {
    const folder = join(place.folder, `first-${entries}`);
    await stopWhileStarting({ data: folder, signal: 'SIGKILL', isDue: () => existsSync(folder) && readdirSync(folder, { recursive: true }).length >= entries });
    const service = await startService({ data: folder });
    const { KeyMetadata: { KeyId } } = await popCore(service).request('CreateKey', { ProtectionLevel: 'HSM' });
    assert.equal(await codeOf(popCore(service).request('Encrypt', { KeyId, Plaintext: 'x' })), 'success');
    assert.equal(await service.stop(), 0);
  }
});

test('a root key that a killed first start was making is passed over, and can be retired', async () => {
  const folder = join(place.folder, 'half-made');
  assert.equal(await (await startService({ data: folder })).stop(), 0);
  // As the first start leaves it that is killed there: a token, and no database that needs it.
  for (const name of readdirSync(folder)) if (name !== 'hsm') rmSync(join(folder, name), { recursive: true });
  const objects = tokenObjects(folder);
  assert.equal(objects.length, 1);
  removeValue(objects[0]);

  const service = await startService({ data: folder });
  const kms = popCore(service);
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel: 'HSM' });
  const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext: 'x' });
  assert.match((await admin(['token-info', '--data', folder])).stdout, /root keys +kms-root-1, kms-root-2\n/);
  const retired = await admin(['retire-root-key', '--version', '1', '--confirm', 'kms-root-1', '--data', folder]);
  assert.equal(retired.code, 0, retired.stderr);
  assert.equal(await service.stop(), 0);
  const again = await startService({ data: folder });
  assert.equal((await popCore(again).request('Decrypt', { CiphertextBlob })).Plaintext, 'x');
  await again.stop();
});

test('a data folder of version 1 serves as it did', async () => {
  // Kept for ever: a later format of state or blobs gets an archive of its own.
  const folder = join(place.folder, 'version-1');
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'folders/version-1.tar.gz'), '-C', folder]);
  const { keys, blobs } = JSON.parse(readFileSync(join(folder, 'expected.json')));
  // Before it is upgraded, too.
  assert.deepEqual(await admin(['records', '--data', folder]), { code: 0, stdout: '', stderr: '' });
  assert.equal((await admin(['verify', '--deep', '--data', folder])).code, 0);
  const service = await startService({ data: folder });
  const kms = popCore(service);
  assert.deepEqual((await kms.request('ListKeys', {})).Keys.Key.map(key => key.KeyId), keys.map(key => key.KeyId));
  for (const key of keys) assert.deepEqual((await kms.request('DescribeKey', { KeyId: key.KeyId })).KeyMetadata, key);
  // The index is upgraded from what the keys themselves say.
  for (const level of ['SOFTWARE', 'HSM']) {
    const wanted = keys.filter(key => key.ProtectionLevel === level).map(key => key.KeyId);
    const listed = async () => (await kms.request('ListKeys', { Filters: `[{"Key":"ProtectionLevel","Values":["${level}"]}]` })).Keys.Key.map(key => key.KeyId);
    while (String(await listed()) !== String(wanted)) await new Promise(setImmediate);
  }
  for (const { CiphertextBlob, EncryptionContext = '{}', Plaintext, KeyId } of blobs) {
    const opened = await kms.request('Decrypt', { CiphertextBlob, EncryptionContext });
    assert.deepEqual([opened.Plaintext, opened.KeyId], [Plaintext, KeyId]);
  }
  await service.stop();
});

test('a data folder of version 2 serves as it did', async () => {
  const folder = join(place.folder, 'version-2');
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'folders/version-2.tar.gz'), '-C', folder]);
  const { keys, blobs, ciphertexts, signatures, publicKeys, aliases, tags } = JSON.parse(readFileSync(join(folder, 'expected.json')));
  const service = await startService({ data: folder });
  const call = async (action, parameters) => {
    const { RequestId, ...answer } = await popCore(service).request(action, parameters, { method: 'POST' });
    return answer;
  };
  assert.deepEqual((await call('ListKeys', { PageSize: 100 })).Keys.Key.map(key => key.KeyId), keys.map(key => key.KeyId));
  for (const key of keys) assert.deepEqual((await call('DescribeKey', { KeyId: key.KeyId })).KeyMetadata, key);
  for (const { Plaintext, KeyId, ...blob } of blobs) assert.equal((await call('Decrypt', blob)).Plaintext, Plaintext);
  for (const { Plaintext, ...ciphertext } of ciphertexts) assert.equal((await call('AsymmetricDecrypt', ciphertext)).Plaintext, Plaintext);
  for (const signature of signatures) {
    assert.equal((await call('AsymmetricVerify', signature)).Value, true);
    assert.equal((await call('AsymmetricVerify', { ...signature, Value: (await call('AsymmetricSign', signature)).Value })).Value, true);
  }
  for (const { PublicKey, ...version } of publicKeys) assert.equal((await call('GetPublicKey', version)).PublicKey, PublicKey);
  assert.deepEqual(await call('ListAliases', { PageSize: 100 }), aliases);
  assert.deepEqual(await call('ListTagResources', { RegionId: 'x', ResourceType: 'key' }), tags);
  await service.stop();
});

test('a data folder of version 3, from before RAM users, serves as it did', async () => {
  const folder = join(place.folder, 'version-3');
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'folders/version-3.tar.gz'), '-C', folder]);
  const { keys, blobs } = JSON.parse(readFileSync(join(folder, 'expected.json')));
  assert.equal((await admin(['verify', '--deep', '--data', folder])).code, 0);
  // The first start binds the secrets of access keys to their accounts, the second one finds them so.
  for (const start of ['first', 'second']) {
    const service = await startService({ data: folder });
    for (const account of ['1000000000000001', '2000000000000002']) {
      const { AccessKeyId } = service.credentials(account);
      const { AccessKeys } = await popCore(service, service.credentials(account), '2015-05-01').request('ListAccessKeys', {});
      assert.deepEqual(AccessKeys.AccessKey.map(key => [key.AccessKeyId, key.Status]), [[AccessKeyId, 'Active']], start);
    }
    const kms = popCore(service, service.credentials('1000000000000001'));
    for (const key of keys) assert.deepEqual((await kms.request('DescribeKey', { KeyId: key.KeyId })).KeyMetadata, key);
    for (const { CiphertextBlob, Plaintext } of blobs) assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
    await service.stop();
  }
  assert.equal((await admin(['verify', '--deep', '--data', folder])).code, 0);
});

test('a data folder of version 4, from before the trail, serves as it did', async () => {
  const folder = join(place.folder, 'version-4');
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'folders/version-4.tar.gz'), '-C', folder]);
  const { keys, blobs, alice, users, RoleArn } = JSON.parse(readFileSync(join(folder, 'expected.json')));
  assert.equal((await admin(['verify', '--deep', '--data', folder])).code, 0);
  for (const start of ['first', 'second']) {
    const service = await startService({ data: folder });
    const kms = popCore(service, alice);
    for (const key of keys) assert.deepEqual((await kms.request('DescribeKey', { KeyId: key.KeyId })).KeyMetadata, key, start);
    for (const { CiphertextBlob, Plaintext } of blobs) assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, Plaintext);
    assert.equal(await codeOf(kms.request('ListKeys', {})), 'Forbidden.NoPermission');
    assert.deepEqual((await popCore(service, service.credentials(), '2015-05-01').request('ListUsers', {})).Users.User.map(user => user.UserName), users);
    const { Credentials } = await popCore(service, alice, '2015-04-01').request('AssumeRole', { RoleArn, RoleSessionName: 'again' });
    assert.equal(await codeOf(popCore(service, Credentials).request('DescribeKey', { KeyId: keys[0].KeyId })), 'success');
    const told = await events(service, { filters: { User: alice.UserName, EventName: 'Decrypt' } });
    assert.equal(told.length, blobs.length * (start === 'first' ? 1 : 2));
    await service.stop();
  }
  assert.equal((await admin(['verify', '--deep', '--data', folder])).code, 0);
});

test('plaintexts, data keys and secrets are neither on disk nor in the log', async () => {
  const service = await startService({ data, env: { Logging__LogLevel__Default: 'Trace', 'Logging__LogLevel__Microsoft.AspNetCore': 'Trace' } });
  const kms = popCore(service);
  const canary = `canary-${randomBytes(16).toString('hex')}`;
  const secrets = [canary];
  for (const ProtectionLevel of ['SOFTWARE', 'HSM']) {
    const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel });
    for (const method of ['GET', 'POST']) {
      const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext: canary, EncryptionContext: '{"a":"b"}' }, { method });
      await kms.request('Decrypt', { CiphertextBlob, EncryptionContext: '{"a":"b"}' }, { method });
      await codeOf(kms.request('Decrypt', { CiphertextBlob }, { method }));
      await codeOf(kms.request('Encrypt', { KeyId: 'none', Plaintext: canary }, { method }));
      secrets.push((await kms.request('GenerateDataKey', { KeyId }, { method })).Plaintext);
    }
  }
  const wrong = popCore(service, { ...service.credentials(), AccessKeySecret: 'x'.repeat(30) });
  assert.equal(await codeOf(wrong.request('Encrypt', { KeyId: 'none', Plaintext: canary })), 'SignatureDoesNotMatch');
  const { AccessKeySecret } = service.credentials();
  const pins = ['user.pin', 'so.pin'].map(name => readFileSync(join(data, 'hsm', name), 'ascii'));
  await service.stop();

  const found = (haystack, secret) => haystack.includes(secret) || haystack.includes(Buffer.from(secret, 'base64')) || haystack.includes(Buffer.from(secret).toString('base64'));
  const files = readdirSync(data, { recursive: true }).map(name => join(data, name)).filter(name => statSync(name).isFile());
  assert.ok(files.length > 10);
  for (const file of files) {
    const content = readFileSync(file);
    for (const secret of secrets) assert.ok(!found(content, secret), `${file} holds a plaintext`);
    if (!/accounts|credentials/.test(file)) assert.ok(!content.includes(AccessKeySecret), `${file} holds an access key secret`);
    if (!/\.pin$/.test(file)) for (const pin of pins) assert.ok(!content.includes(pin), `${file} holds a PIN`);
  }
  const log = Buffer.from(service.log());
  assert.ok(log.length > 1000);
  for (const secret of [...secrets, AccessKeySecret, ...pins]) assert.ok(!found(log, secret), 'the log holds a secret');
});

test('the token holds one root key, never to be read, however many keys there are', async () => {
  const objects = () => {
    const env = { ...process.env, SOFTHSM2_CONF: join(data, 'hsm/softhsm2.conf') };
    const module = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find(path => statSync(path, { throwIfNoEntry: false }));
    const all = execFileSync('pkcs11-tool', ['--module', module, '--token-label', 'orleans-kms', '--login', '--pin', `env:PIN`, '-O'],
      { env: { ...env, PIN: readFileSync(join(data, 'hsm/user.pin'), 'ascii') }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    // Beside the key there is what the trail keeps in the token, which is replaced now and then.
    return all.split(/^(?=\S)/m).filter(object => !object.startsWith('Data object')).join('');
  };
  const before = objects();
  assert.equal(before.match(/Key Object/g).length, 1);
  assert.match(before, /label:\s+kms-root-1/);
  assert.match(before, /Usage:\s+wrap, unwrap/);
  assert.match(before, /Access:\s+sensitive, always sensitive, never extractable, local/);
  const service = await startService({ data });
  for (let i = 0; i < 30; i++) {
    const { KeyMetadata: { KeyId } } = await popCore(service).request('CreateKey', { ProtectionLevel: 'HSM' });
    await popCore(service).request('Encrypt', { KeyId, Plaintext: 'x' });
  }
  assert.equal(objects(), before);
  await service.stop();
  assert.equal(objects(), before);
});

test('after DisableKey has answered, no Encrypt that starts later succeeds', async () => {
  const service = await startService({ data });
  const kms = popCore(service);
  for (const ProtectionLevel of ['SOFTWARE', 'HSM']) {
    const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel });
    for (let round = 0; round < 5; round++) {
      let disabled = false;
      const later = [];
      const caller = async () => {
        while (later.length < 50) {
          const startedLater = disabled;
          const code = await codeOf(kms.request('Encrypt', { KeyId, Plaintext: 'x' }));
          if (startedLater) later.push(code);
          else assert.ok(code === 'success' || code === 'Rejected.Disabled', code);
        }
      };
      const callers = Array.from({ length: 24 }, caller);
      await kms.request('Encrypt', { KeyId, Plaintext: 'x' });
      await kms.request('DisableKey', { KeyId });
      disabled = true;
      await Promise.all(callers);
      assert.deepEqual(new Set(later), new Set(['Rejected.Disabled']));
      await kms.request('EnableKey', { KeyId });
    }
  }
  await service.stop();
});
