// What the service signs and encrypts is checked with Node's own cryptography, and the other way round.
import assert from 'node:assert/strict';
import { constants, createHash, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes, verify } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
let service;
let kms;
const message = Buffer.from('a message 密钥');
const sha256 = createHash('sha256').update(message).digest('base64');

before(async () => {
  service = await startService({ data: place.folder });
  kms = popCore(service);
});
after(async () => {
  await service?.stop();
  place.remove();
});

const call = (action, parameters) => kms.request(action, parameters, { method: 'POST', timeout: 60_000 });

async function pair(KeySpec, KeyUsage, ProtectionLevel) {
  const { KeyMetadata } = await call('CreateKey', { KeySpec, KeyUsage, ProtectionLevel });
  assert.deepEqual([KeyMetadata.KeySpec, KeyMetadata.KeyUsage, KeyMetadata.PrimaryKeyVersion, KeyMetadata.AutomaticRotation], [KeySpec, KeyUsage, undefined, undefined]);
  const { KeyVersions } = await call('ListKeyVersions', { KeyId: KeyMetadata.KeyId });
  return { KeyId: KeyMetadata.KeyId, KeyVersionId: KeyVersions.KeyVersion[0].KeyVersionId };
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };
const signing = [
  ['RSA_2048', [['RSA_PSS_SHA_256', pss], ['RSA_PKCS1_SHA_256', pkcs1]]],
  ['RSA_3072', [['RSA_PSS_SHA_256', pss], ['RSA_PKCS1_SHA_256', pkcs1]]],
  ['RSA_4096', [['RSA_PSS_SHA_256', pss], ['RSA_PKCS1_SHA_256', pkcs1]]],
  ['EC_P256', [['ECDSA_SHA_256', {}]]],
  ['EC_P256K', [['ECDSA_SHA_256', {}]]],
];

for (const level of ['SOFTWARE', 'HSM']) {
  describe(`protection level ${level}`, () => {
    for (const [spec, algorithms] of signing) {
      test(`${spec} signs what others verify`, async () => {
        const key = await pair(spec, 'SIGN/VERIFY', level);
        const { PublicKey } = await call('GetPublicKey', key);
        assert.match(PublicKey, /^-----BEGIN PUBLIC KEY-----\n[^\r]+\n-----END PUBLIC KEY-----\n$/);
        for (const [Algorithm, options] of algorithms) {
          const { Value } = await call('AsymmetricSign', { ...key, Algorithm, Digest: sha256 });
          assert.ok(verify('sha256', message, { key: PublicKey, ...options }, Buffer.from(Value, 'base64')), Algorithm);
          assert.equal((await call('AsymmetricVerify', { ...key, Algorithm, Digest: sha256, Value })).Value, true);
          const forged = Buffer.from(Value, 'base64');
          forged[forged.length - 1] ^= 1;
          assert.equal((await call('AsymmetricVerify', { ...key, Algorithm, Digest: sha256, Value: forged.toString('base64') })).Value, false);
          assert.equal((await call('AsymmetricVerify', { ...key, Algorithm, Digest: createHash('sha256').update('x').digest('base64'), Value })).Value, false);
        }
      });
    }

    for (const [Algorithm, oaepHash, most] of [['RSAES_OAEP_SHA_256', 'sha256', 190], ['RSAES_OAEP_SHA_1', 'sha1', 214]]) {
      test(`${Algorithm} opens what others encrypt`, async () => {
        const key = await pair('RSA_2048', 'ENCRYPT/DECRYPT', level);
        // SoftHSM has no OAEP with SHA-256; what the token cannot do is not done elsewhere.
        if (level === 'HSM' && oaepHash === 'sha256') {
          for (const [action, data] of [['AsymmetricEncrypt', { Plaintext: 'QUJD' }], ['AsymmetricDecrypt', { CiphertextBlob: randomBytes(256).toString('base64') }]]) {
            await assert.rejects(call(action, { ...key, Algorithm, ...data }), error => error.code === 'UnsupportedOperation' && error.data.Message.includes(Algorithm));
          }
          return;
        }
        const { PublicKey } = await call('GetPublicKey', key);
        const plaintext = randomBytes(most);
        const theirs = publicEncrypt({ key: PublicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, plaintext).toString('base64');
        const ours = (await call('AsymmetricEncrypt', { ...key, Algorithm, Plaintext: plaintext.toString('base64') })).CiphertextBlob;
        for (const CiphertextBlob of [theirs, ours]) {
          assert.equal((await call('AsymmetricDecrypt', { ...key, Algorithm, CiphertextBlob })).Plaintext, plaintext.toString('base64'));
        }
        assert.equal(await codeOf(call('AsymmetricEncrypt', { ...key, Algorithm, Plaintext: randomBytes(most + 1).toString('base64') })), 'InvalidParameter');
        const broken = Buffer.from(ours, 'base64');
        broken[0] ^= 1;
        for (const bytes of [broken, broken.subarray(1), Buffer.concat([broken, Buffer.alloc(1)])]) {
          await assert.rejects(call('AsymmetricDecrypt', { ...key, Algorithm, CiphertextBlob: bytes.toString('base64') }), error => /CiphertextBlob is not valid/.test(error.data.Message));
        }
        const { KeyMetadata } = await call('CreateKey', { ProtectionLevel: level });
        const moved = await call('ReEncrypt', {
          SourceKeyId: key.KeyId, SourceKeyVersionId: key.KeyVersionId, SourceEncryptionAlgorithm: Algorithm, CiphertextBlob: theirs, DestinationKeyId: KeyMetadata.KeyId,
        });
        assert.deepEqual([moved.KeyId, moved.KeyVersionId], [key.KeyId, key.KeyVersionId]);
        assert.equal((await call('Decrypt', { CiphertextBlob: moved.CiphertextBlob })).Plaintext, plaintext.toString('base64'));
      });

      test(`a data key exported with ${Algorithm} opens elsewhere`, async () => {
        const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const recipient = { PublicKeyBlob: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), WrappingKeySpec: 'RSA_2048', WrappingAlgorithm: Algorithm };
        const open = text => privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, Buffer.from(text, 'base64')).toString('base64');
        const { KeyMetadata: { KeyId } } = await call('CreateKey', { ProtectionLevel: level });
        const made = await call('GenerateDataKey', { KeyId, EncryptionContext: '{"a":"b"}' });
        const exported = await call('ExportDataKey', { CiphertextBlob: made.CiphertextBlob, EncryptionContext: '{"a":"b"}', ...recipient });
        assert.equal(open(exported.ExportedDataKey), made.Plaintext);
        const both = await call('GenerateAndExportDataKey', { KeyId, NumberOfBytes: most, ...recipient });
        assert.equal(open(both.ExportedDataKey), (await call('Decrypt', { CiphertextBlob: both.CiphertextBlob })).Plaintext);
        assert.equal(await codeOf(call('GenerateAndExportDataKey', { KeyId, NumberOfBytes: most + 1, ...recipient })), 'InvalidParameter');
        assert.equal(await codeOf(call('ExportDataKey', { CiphertextBlob: made.CiphertextBlob, ...recipient })), 'InvalidParameter');
      });
    }
  });
}

test('SM2 signatures verify with OpenSSL, and SM2 encryption opens again', async () => {
  const key = await pair('EC_SM2', 'SIGN/VERIFY', 'SOFTWARE');
  const { PublicKey } = await call('GetPublicKey', key);
  const [pem, signature, data] = ['sm2.pem', 'sm2.sig', 'sm2.txt'].map(name => join(place.folder, name));
  const { Value } = await call('AsymmetricSign', { ...key, Algorithm: 'SM2DSA', Digest: sm2Digest(PublicKey, message).toString('base64') });
  writeFileSync(pem, PublicKey);
  writeFileSync(signature, Buffer.from(Value, 'base64'));
  writeFileSync(data, message);
  const told = execFileSync('openssl', ['dgst', '-sm3', '-verify', pem, '-sigopt', 'distid:1234567812345678', '-signature', signature, data], { encoding: 'utf8' });
  assert.match(told, /Verified OK/);

  const encrypting = await pair('EC_SM2', 'ENCRYPT/DECRYPT', 'SOFTWARE');
  for (const length of [1, 100, 6047]) {
    const Plaintext = randomBytes(length).toString('base64');
    const { CiphertextBlob } = await call('AsymmetricEncrypt', { ...encrypting, Algorithm: 'SM2PKE', Plaintext });
    assert.equal(Buffer.from(CiphertextBlob, 'base64').length, length + 97);
    assert.equal((await call('AsymmetricDecrypt', { ...encrypting, Algorithm: 'SM2PKE', CiphertextBlob })).Plaintext, Plaintext);
  }
  assert.equal(await codeOf(call('AsymmetricEncrypt', { ...encrypting, Algorithm: 'SM2PKE', Plaintext: randomBytes(6048).toString('base64') })), 'InvalidParameter');
});

test('a data key exported with SM2PKE opens with an SM2 key', async () => {
  const opener = await pair('EC_SM2', 'ENCRYPT/DECRYPT', 'SOFTWARE');
  const { PublicKey } = await call('GetPublicKey', opener);
  const recipient = { PublicKeyBlob: PublicKey.replace(/-----[^-]+-----|\n/g, ''), WrappingKeySpec: 'EC_SM2', WrappingAlgorithm: 'SM2PKE' };
  const open = async CiphertextBlob => (await call('AsymmetricDecrypt', { ...opener, Algorithm: 'SM2PKE', CiphertextBlob })).Plaintext;
  const { KeyMetadata: { KeyId } } = await call('CreateKey', {});
  const made = await call('GenerateAndExportDataKey', { KeyId, NumberOfBytes: 1024, ...recipient });
  const exported = await call('ExportDataKey', { CiphertextBlob: made.CiphertextBlob, ...recipient });
  const { Plaintext } = await call('Decrypt', { CiphertextBlob: made.CiphertextBlob });
  assert.deepEqual([await open(made.ExportedDataKey), await open(exported.ExportedDataKey)], [Plaintext, Plaintext]);
  const moved = await call('ReEncrypt', {
    SourceKeyId: opener.KeyId, SourceKeyVersionId: opener.KeyVersionId, SourceEncryptionAlgorithm: 'SM2PKE', CiphertextBlob: made.ExportedDataKey, DestinationKeyId: KeyId,
  });
  assert.equal((await call('Decrypt', { CiphertextBlob: moved.CiphertextBlob })).Plaintext, Plaintext);
});

test('SM4 encrypts like AES', async () => {
  const { KeyMetadata: { KeyId } } = await call('CreateKey', { KeySpec: 'Aliyun_SM4', EnableAutomaticRotation: true, RotationInterval: '7d' });
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: 'SGVsbG8=', EncryptionContext: '{"a":"b"}' });
  assert.equal((await call('Decrypt', { CiphertextBlob, EncryptionContext: '{"a":"b"}' })).Plaintext, 'SGVsbG8=');
  assert.equal(await codeOf(call('Decrypt', { CiphertextBlob })), 'InvalidParameter');
});

test('a token without SM2 and SM4 refuses them', async () => {
  for (const KeySpec of ['EC_SM2', 'Aliyun_SM4']) {
    await assert.rejects(call('CreateKey', { KeySpec, ProtectionLevel: 'HSM' }), error => error.code === 'UnsupportedOperation' && error.data.Message.includes(KeySpec));
  }
  const { KeySpecs } = await call('DescribeService', {});
  const offered = Object.fromEntries(KeySpecs.KeySpec.map(spec => [spec.Name, spec.SupportedProtectionLevels.SupportedProtectionLevel]));
  assert.deepEqual([offered.EC_SM2, offered.Aliyun_SM4, offered.RSA_4096], [['SOFTWARE'], ['SOFTWARE'], ['SOFTWARE', 'HSM']]);
});

// SM3(Z, M) of GB/T 32918.2, with the usual identity.
function sm2Digest(publicKey, data) {
  const { x, y } = point(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }));
  const hex = text => Buffer.from(text, 'hex');
  const curve = [
    'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC', '28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93',
    '32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7', 'BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0',
  ];
  const sm3 = bytes => createHash('sm3').update(bytes).digest();
  const z = sm3(Buffer.concat([hex('0080'), Buffer.from('1234567812345678'), ...curve.map(hex), x, y]));
  return sm3(Buffer.concat([z, data]));
}

const point = spki => ({ x: spki.subarray(-64, -32), y: spki.subarray(-32) });
