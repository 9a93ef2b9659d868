// The service without a PKCS#11 module: its root keys are in a file.
import assert from 'node:assert/strict';
import { createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { codeOf, freePort, popCore, run, startService, temporaryFolder } from './support/service.mjs';

let place, data, file, env;
before(() => {
  place = temporaryFolder();
  data = join(place.folder, 'data');
  file = join(place.folder, 'root.keys');
  env = { Kms__RootKeyFile: file };
});
after(() => place.remove());

/** What of a token's a process has: the PKCS#11 module, and the threads that call it. */
function tokenParts({ pid }) {
  const threads = readdirSync(`/proc/${pid}/task`).map(id => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim());
  return { module: /softhsm/.test(readFileSync(`/proc/${pid}/maps`, 'utf8')), lanes: threads.includes('kms-hsm-lane') };
}

async function assertRefused(folder, pattern, settings = env) {
  const { code, stdout, stderr } = await run(['--data', folder, '--port', String(await freePort())], { env: { ...process.env, ...settings } });
  assert.notEqual(code, 0);
  assert.equal(stdout, '');
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.match(stderr, pattern);
}

test('keys of level SOFTWARE work and outlive a restart, level HSM is refused, and no module is loaded', async () => {
  const first = await startService({ data, env });
  assert.equal((statSync(file).mode & 0o777).toString(8), '600');
  assert.match(readFileSync(file, 'utf8'), /^1 [A-Za-z0-9+/]{43}=\n$/);
  assert.ok(!existsSync(join(data, 'hsm')));
  await first.told(/root keys are in .*root\.keys/);
  const ready = await fetch(`${first.url}/readyz`);
  assert.deepEqual([ready.status, await ready.json()], [200, { silo: 'ok', database: 'ok', storage: 'ok', trail: 'ok' }]);

  const kms = popCore(first);
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { ProtectionLevel: 'SOFTWARE' });
  const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext: 'x' });
  for (const KeySpec of ['Aliyun_AES_256', 'RSA_2048', 'EC_SM2']) {
    assert.equal(await codeOf(kms.request('CreateKey', { KeySpec, ProtectionLevel: 'HSM' })), 'Unsupported.ProtectionLevel');
  }
  const { ProtectionLevels, KeySpecs } = await kms.request('DescribeService', {});
  assert.deepEqual(ProtectionLevels, { ProtectionLevel: [{ Type: 'SOFTWARE' }] });
  for (const spec of KeySpecs.KeySpec) assert.deepEqual(spec.SupportedProtectionLevels, { SupportedProtectionLevel: ['SOFTWARE'] });
  assert.deepEqual(tokenParts(first), { module: false, lanes: false });
  assert.equal(await first.stop(), 0);

  const second = await startService({ data, env });
  assert.equal((await popCore(second).request('Decrypt', { CiphertextBlob })).Plaintext, 'x');
  assert.equal(await second.stop(), 0);
});

test('key material of the user is imported without a token', async () => {
  const service = await startService({ data, env });
  const kms = popCore(service);
  assert.equal(await codeOf(kms.request('CreateKey', { Origin: 'EXTERNAL', ProtectionLevel: 'HSM' })), 'Unsupported.ProtectionLevel');
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { Origin: 'EXTERNAL' });
  const { ImportToken, PublicKey } = await kms.request('GetParametersForImport', { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' });
  const key = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' });
  const EncryptedKeyMaterial = publicEncrypt({ key, oaepHash: 'sha256' }, randomBytes(32)).toString('base64');
  await kms.request('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, KeyMaterialExpireUnix: 0 }, { method: 'POST' });
  const { CiphertextBlob } = await kms.request('Encrypt', { KeyId, Plaintext: 'mine' });
  assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, 'mine');
  assert.deepEqual(tokenParts(service), { module: false, lanes: false });
  assert.equal(await service.stop(), 0);
});

test('what was acknowledged survives kill -9', async () => {
  const first = await startService({ data, env });
  const { KeyMetadata: { KeyId } } = await popCore(first).request('CreateKey', {});
  const { CiphertextBlob } = await popCore(first).request('Encrypt', { KeyId, Plaintext: 'y' });
  await first.kill();
  const second = await startService({ data, env });
  assert.equal((await popCore(second).request('Decrypt', { CiphertextBlob })).Plaintext, 'y');
  assert.equal(await second.stop(), 0);
});

for (const [what, harm, pattern] of [
  ['a missing file', path => rmSync(path), /root key file '.*' is missing: restore it/i],
  ['another file', path => writeFileSync(path, `1 ${Buffer.alloc(32, 7).toString('base64')}\n`), /does not open the database's service key: restore/],
  ['a file without the version that is needed', path => writeFileSync(path, readFileSync(path, 'utf8').replace(/^1/, '2')), /holds no root key 1/],
  ['a malformed file', path => writeFileSync(path, readFileSync(path, 'utf8').replace(/=\n$/, '\n')), /malformed, line 1 is not a version/],
  ['an empty file', path => writeFileSync(path, ''), /malformed, it is empty/],
  ['a file that its group may read', path => chmodSync(path, 0o640), /open to others.*chmod 600/],
  ['a file that others may read', path => chmodSync(path, 0o604), /open to others.*chmod 600/],
]) {
  test(`${what} is told in one line, and nothing is made in its place`, async () => {
    const copy = file + '-' + what.replaceAll(' ', '-');
    cpSync(file, copy);
    harm(copy);
    const look = () => (existsSync(copy) ? [readFileSync(copy, 'hex'), statSync(copy).mode] : 'nothing');
    const before = look();
    await assertRefused(data, pattern, { Kms__RootKeyFile: copy });
    assert.deepEqual(look(), before);
    const service = await startService({ data, env });
    assert.equal(await service.stop(), 0);
  });
}

test('a database that was made with a token is not opened with a file, and the other way round', async () => {
  const folder = join(place.folder, 'with-token');
  const withToken = await startService({ data: folder });
  assert.equal(await withToken.stop(), 0);
  await assertRefused(folder, /does not open the database's service key: .*unset Kms:RootKeyFile/);
  const again = await startService({ data: folder });
  await popCore(again).request('CreateKey', { ProtectionLevel: 'HSM' });
  assert.deepEqual(tokenParts(again), { module: true, lanes: true });
  assert.equal(await again.stop(), 0);
  await assertRefused(folder, /has keys of protection level HSM.*unset Kms:RootKeyFile/);
  await assertRefused(data, /no complete token .*or set Kms:RootKeyFile/, {});
  assert.ok(!existsSync(join(data, 'hsm')));
});

test('a file that cannot be made is told before the database has a key', async () => {
  const folder = join(place.folder, 'unmade');
  await assertRefused(folder, /cannot be written.*Kms:RootKeyFile/, { Kms__RootKeyFile: join(place.folder, 'nowhere/root.keys') });
  const elsewhere = join(place.folder, 'elsewhere.keys');
  const service = await startService({ data: folder, env: { Kms__RootKeyFile: elsewhere } });
  assert.equal(await service.stop(), 0);
  // The file may be moved: the database does not know its name.
  renameSync(elsewhere, elsewhere + '.moved');
  const moved = await startService({ data: folder, env: { Kms__RootKeyFile: elsewhere + '.moved' } });
  assert.equal(await moved.stop(), 0);
});

test('a root key file beside a token is refused', async () => {
  await assertRefused(join(place.folder, 'both'), /Kms:RootKeyFile is for services without a PKCS#11 module/, { ...env, Kms__Hsm__ModulePath: '/usr/lib/softhsm/libsofthsm2.so' });
});
