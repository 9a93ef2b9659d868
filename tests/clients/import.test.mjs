// A user brings material of their own, with pop-core, Node's cryptography and OpenSSL alone, and opens what is encrypted here with their own copy.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
let service;
let kms;
let decrypt;

before(async () => {
  service = await startService({ data: join(place.folder, 'data') });
  kms = popCore(service);
  // What the document tells users to run.
  const [, code] = readFileSync(new URL('../../docs/ciphertext.md', import.meta.url), 'utf8').match(/```js\n(import \{ createDecipheriv[\s\S]*?)```/);
  writeFileSync(join(place.folder, 'decrypt.mjs'), code);
  ({ decrypt } = await import(join(place.folder, 'decrypt.mjs')));
});
after(async () => {
  await service?.stop();
  place.remove();
});

const call = (action, parameters = {}, method = 'POST') => kms.request(action, parameters, { method, timeout: 60_000 });
const create = async (ProtectionLevel, KeySpec = 'Aliyun_AES_256') => (await call('CreateKey', { Origin: 'EXTERNAL', ProtectionLevel, KeySpec })).KeyMetadata;
const metadata = async KeyId => (await call('DescribeKey', { KeyId })).KeyMetadata;

const node = {
  RSAES_PKCS1_V1_5: { padding: constants.RSA_PKCS1_PADDING },
  RSAES_OAEP_SHA_1: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  RSAES_OAEP_SHA_256: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
};
const openssl = {
  RSAES_PKCS1_V1_5: ['rsa_padding_mode:pkcs1'],
  RSAES_OAEP_SHA_1: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1', 'rsa_mgf1_md:sha1'],
  RSAES_OAEP_SHA_256: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'],
};

const withNode = (algorithm, publicKey, material) =>
  publicEncrypt({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki', ...node[algorithm] }, material).toString('base64');

function withOpenSsl(publicKey, material, options = []) {
  const [keyFile, materialFile] = [join(place.folder, 'public.der'), join(place.folder, 'material.bin')];
  writeFileSync(keyFile, Buffer.from(publicKey, 'base64'));
  writeFileSync(materialFile, material);
  return execFileSync('openssl', ['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', keyFile, '-in', materialFile, ...options.flatMap(option => ['-pkeyopt', option])]);
}

const parameters = (KeyId, WrappingAlgorithm, WrappingKeySpec = 'RSA_2048') => call('GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec });

async function importWithNode(KeyId, material, algorithm = 'RSAES_OAEP_SHA_1', more = {}) {
  const { PublicKey, ImportToken } = await parameters(KeyId, algorithm);
  return call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial: withNode(algorithm, PublicKey, material), ...more });
}

for (const level of ['SOFTWARE', 'HSM']) {
  describe(`protection level ${level}`, () => {
    for (const algorithm of Object.keys(node)) {
      // SoftHSM has no OAEP with SHA-256; what the token cannot do inside is not done elsewhere.
      if (level === 'HSM' && algorithm === 'RSAES_OAEP_SHA_256') {
        test(`${algorithm} is refused before anything is wrapped`, async () => {
          const { KeyId } = await create(level);
          await assert.rejects(parameters(KeyId, algorithm), error => error.code === 'UnsupportedOperation' && /RSAES_OAEP_SHA_256.*RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1/.test(error.data.Message));
        });
        continue;
      }
      test(`${algorithm}: a blob made here opens with the user's own copy`, async () => {
        const made = await create(level);
        assert.deepEqual([made.KeyState, made.Origin, made.PrimaryKeyVersion, made.MaterialExpireTime, made.AutomaticRotation], ['PendingImport', 'EXTERNAL', undefined, '', 'Disabled']);
        const { KeyId } = made;
        assert.equal(await codeOf(call('Encrypt', { KeyId, Plaintext: 'x' })), 'Rejected.PendingImport');
        const answer = await parameters(KeyId, algorithm);
        assert.deepEqual(Object.keys(answer).sort(), ['ImportToken', 'KeyId', 'PublicKey', 'RequestId', 'TokenExpireTime']);
        assert.match(answer.PublicKey, /^MIIBIjAN/);
        assert.ok(Math.abs(Date.parse(answer.TokenExpireTime) - Date.now() - 86_400_000) < 60_000);
        const material = randomBytes(32);
        const KeyMaterialExpireUnix = Math.floor(Date.now() / 1000) + 3600;
        const wrapped = withNode(algorithm, answer.PublicKey, material);
        const done = await call('ImportKeyMaterial', { KeyId, ImportToken: answer.ImportToken, EncryptedKeyMaterial: wrapped, KeyMaterialExpireUnix });
        assert.deepEqual(Object.keys(done), ['RequestId']);
        const imported = await metadata(KeyId);
        assert.deepEqual(
          [imported.KeyState, imported.MaterialExpireTime, imported.ImportedOutsideHsm], ['Enabled', new Date(KeyMaterialExpireUnix * 1000).toISOString().replace('.000', ''), undefined]);

        const context = { z: 'last', a: 'erste Größe', '\u{1f511}': '密钥' };
        const { CiphertextBlob, KeyVersionId } = await call('Encrypt', { KeyId, Plaintext: 'a message 密钥', EncryptionContext: JSON.stringify(context) });
        assert.equal(KeyVersionId, imported.PrimaryKeyVersion);
        assert.equal(decrypt(material, CiphertextBlob, context), 'a message 密钥');
        assert.throws(() => decrypt(material, CiphertextBlob, { ...context, z: 'other' }));
        assert.throws(() => decrypt(randomBytes(32), CiphertextBlob, context));
        const dataKey = await call('GenerateDataKey', { KeyId });
        assert.equal(decrypt(material, dataKey.CiphertextBlob), dataKey.Plaintext);

        // The same material again, wrapped by OpenSSL, and without an expiry now; any other is refused.
        const again = await parameters(KeyId, algorithm);
        assert.notEqual(again.PublicKey, answer.PublicKey);
        await call('ImportKeyMaterial', { KeyId, ImportToken: again.ImportToken, EncryptedKeyMaterial: withOpenSsl(again.PublicKey, material, openssl[algorithm]).toString('base64') }, 'GET');
        assert.equal((await metadata(KeyId)).MaterialExpireTime, '');
        assert.equal(await codeOf(importWithNode(KeyId, randomBytes(32), algorithm)), 'InvalidKeyMaterial');
        assert.equal((await call('Decrypt', { CiphertextBlob, EncryptionContext: JSON.stringify(context) })).Plaintext, 'a message 密钥');
      });
    }

    test('deleted material is gone until it is imported again, also over a restart', async () => {
      const { KeyId } = await create(level);
      const material = randomBytes(32);
      await importWithNode(KeyId, material);
      const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: 'kept' });
      assert.deepEqual(Object.keys(await call('DeleteKeyMaterial', { KeyId })), ['RequestId']);
      assert.deepEqual((await metadata(KeyId)).KeyState, 'PendingImport');
      assert.equal(await codeOf(call('Decrypt', { CiphertextBlob })), 'Rejected.PendingImport');
      assert.equal(await codeOf(call('EnableKey', { KeyId })), 'Rejected.StateModifiedFailed');
      await service.kill();
      service = await startService({ data: join(place.folder, 'data') });
      kms = popCore(service);
      assert.equal(await codeOf(call('Decrypt', { CiphertextBlob })), 'Rejected.PendingImport');
      assert.equal(await codeOf(importWithNode(KeyId, randomBytes(32))), 'InvalidKeyMaterial');
      await importWithNode(KeyId, material);
      assert.equal((await call('Decrypt', { CiphertextBlob })).Plaintext, 'kept');
    });
  });
}

// OpenSSL writes x, y, hash and data as an ASN.1 sequence; the API has them one after the other.
function sm2Raw(der) {
  const parts = [];
  for (let offset = 2 + (der[1] & 0x80 ? der[1] & 0x7f : 0); offset < der.length;) {
    const [tag, length] = [der[offset], der[offset + 1]];
    const value = der.subarray(offset + 2, offset + 2 + length);
    parts.push(tag === 2 ? Buffer.concat([Buffer.alloc(32), value]).subarray(-32) : value);
    offset += 2 + length;
  }
  return Buffer.concat([Buffer.from([4]), ...parts]);
}

test('SM4 material is imported under an SM2 key', async () => {
  const { KeyId } = await create('SOFTWARE', 'Aliyun_SM4');
  const material = randomBytes(16);
  const sm2 = await parameters(KeyId, 'SM2PKE', 'EC_SM2');
  await call('ImportKeyMaterial', { KeyId, ImportToken: sm2.ImportToken, EncryptedKeyMaterial: sm2Raw(withOpenSsl(sm2.PublicKey, material)).toString('base64') });
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: 'x' });
  await importWithNode(KeyId, material, 'RSAES_OAEP_SHA_256');
  assert.equal(await codeOf(importWithNode(KeyId, randomBytes(16), 'RSAES_OAEP_SHA_256')), 'InvalidKeyMaterial');
  assert.equal((await call('Decrypt', { CiphertextBlob })).Plaintext, 'x');
});

test('what is wrong has its documented code', async () => {
  const { KeyId } = await create('SOFTWARE');
  const other = (await create('SOFTWARE')).KeyId;
  const ours = (await call('CreateKey')).KeyMetadata.KeyId;
  const { PublicKey, ImportToken } = await parameters(KeyId, 'RSAES_OAEP_SHA_256');
  const EncryptedKeyMaterial = withNode('RSAES_OAEP_SHA_256', PublicKey, randomBytes(32));
  const past = Math.floor(Date.now() / 1000) - 1;
  const bad = [
    ['GetParametersForImport', { KeyId: ours, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }, 'Unsupported.Origin'],
    ['GetParametersForImport', { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_512', WrappingKeySpec: 'RSA_2048' }, 'InvalidParameter'],
    ['GetParametersForImport', { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_4096' }, 'InvalidParameter'],
    ['GetParametersForImport', { KeyId, WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'EC_SM2' }, 'InvalidParameter'],
    ['GetParametersForImport', { KeyId, WrappingKeySpec: 'RSA_2048' }, 'MissingParameter'],
    ['GetParametersForImport', { KeyId: 'alias/x', WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }, 'Unsupported.Alias'],
    ['ImportKeyMaterial', { KeyId: ours, ImportToken, EncryptedKeyMaterial }, 'Unsupported.Origin'],
    ['ImportKeyMaterial', { KeyId: other, ImportToken, EncryptedKeyMaterial }, 'InvalidImportToken'],
    ['ImportKeyMaterial', { KeyId, ImportToken: 'AAAA', EncryptedKeyMaterial }, 'InvalidImportToken'],
    ['ImportKeyMaterial', { KeyId, ImportToken: 'no base64!', EncryptedKeyMaterial }, 'InvalidImportToken'],
    ['ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial: 'no base64!' }, 'InvalidParameter'],
    ['ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial: 'AAAA' }, 'InvalidKeyMaterial'],
    ['ImportKeyMaterial', { KeyId, ImportToken }, 'MissingParameter'],
    ['ImportKeyMaterial', { KeyId, EncryptedKeyMaterial }, 'MissingParameter'],
    ['ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, KeyMaterialExpireUnix: past }, 'InvalidParameter'],
    ['ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, KeyMaterialExpireUnix: -1 }, 'InvalidParameter'],
    ['ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, KeyMaterialExpireUnix: '99999999999999' }, 'InvalidParameter'],
    ['ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, KeyMaterialExpireUnix: 'tomorrow' }, 'InvalidParameter'],
    ['DeleteKeyMaterial', { KeyId: ours }, 'Unsupported.Origin'],
    ['DeleteKeyMaterial', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, 'Forbidden.KeyNotFound'],
    ['DeleteKeyMaterial', {}, 'MissingParameter'],
    ['UpdateRotationPolicy', { KeyId, EnableAutomaticRotation: true, RotationInterval: '7d' }, 'Rejected.UnsupportedOperation'],
  ];
  for (const [action, query, code] of bad) assert.equal(await codeOf(call(action, query)), code, `${action} ${JSON.stringify(query).slice(0, 160)}`);
  assert.equal((await metadata(KeyId)).KeyState, 'PendingImport');
  // 0 means never, as absence does.
  await call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, KeyMaterialExpireUnix: 0 });
  assert.deepEqual([(await metadata(KeyId)).KeyState, (await metadata(KeyId)).MaterialExpireTime], ['Enabled', '']);
  await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  assert.equal(await codeOf(call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial })), 'Rejected.StateModifiedFailed');
  assert.deepEqual(Object.keys(await call('DeleteKeyMaterial', { KeyId })), ['RequestId']);
  await call('CancelKeyDeletion', { KeyId });
  assert.equal((await metadata(KeyId)).KeyState, 'PendingImport');
});
