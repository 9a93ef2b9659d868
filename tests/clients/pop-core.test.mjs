// The main job: a program written for the cloud service makes a CMK and encrypts with it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const account = '1000000000000001';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
let service, kms, place;

before(async () => {
  place = temporaryFolder();
  service = await startService({ data: place.folder, args: ['--account', account, '--account', '2000000000000002'] });
  kms = popCore(service);
});
after(async () => {
  assert.equal(await service.stop(), 0);
  place.remove();
});

for (const method of ['GET', 'POST']) {
  for (const level of ['SOFTWARE', 'HSM']) {
    describe(`${level} key over ${method}`, () => {
      const options = { method };
      let key;

      test('CreateKey gives the metadata of an enabled key', async () => {
        const answer = await kms.request('CreateKey', { Description: '密钥 é 😀 a+b', ProtectionLevel: level }, options);
        key = answer.KeyMetadata;
        assert.match(answer.RequestId, /^[0-9A-F-]{36}$/);
        assert.match(key.KeyId, uuid);
        assert.match(key.CreationDate, time);
        const { KeyId, CreationDate, LastRotationDate, PrimaryKeyVersion, ...rest } = key;
        assert.match(PrimaryKeyVersion, uuid);
        assert.equal(LastRotationDate, CreationDate);
        assert.deepEqual(rest, {
          Arn: `acs:kms:local-1:${account}:key/${KeyId}`, KeyState: 'Enabled', KeyUsage: 'ENCRYPT/DECRYPT', KeySpec: 'Aliyun_AES_256', Origin: 'Aliyun_KMS',
          ProtectionLevel: level, Description: '密钥 é 😀 a+b', Creator: account, DeleteDate: '', MaterialExpireTime: '', AutomaticRotation: 'Disabled',
        });
      });

      test('DescribeKey gives the same, by id and by ARN', async () => {
        for (const KeyId of [key.KeyId, key.Arn]) {
          const { KeyMetadata } = await kms.request('DescribeKey', { KeyId }, options);
          assert.deepEqual(KeyMetadata, { ...key, DeletionProtection: 'Disabled' });
        }
      });

      test('ListKeys lists it and counts exactly', async () => {
        const first = await kms.request('ListKeys', { PageSize: 1 }, options);
        assert.equal(first.Keys.Key.length, 1);
        const all = await kms.request('ListKeys', { PageNumber: 1, PageSize: 100 }, options);
        assert.equal(all.TotalCount, all.Keys.Key.length);
        assert.deepEqual([all.PageNumber, all.PageSize], [1, 100]);
        assert.deepEqual(all.Keys.Key.find(k => k.KeyId === key.KeyId), { KeyId: key.KeyId, KeyArn: key.Arn });
        assert.deepEqual((await kms.request('ListKeys', { PageNumber: 1000 }, options)).Keys, { Key: [] });
      });

      test('Encrypt and Decrypt hand the text back as it was', async () => {
        const texts = ['SGVsbG8gK1dvcmxkLw==', 'not base64: 密钥 é 😀 "\\\n', Buffer.alloc(6144, 7).toString('base64'), 'x'];
        for (const Plaintext of texts) {
          const encrypted = await kms.request('Encrypt', { KeyId: key.KeyId, Plaintext, EncryptionContext: '{"k":"a+b & c=d \'(!)~*"}' }, options);
          assert.deepEqual([encrypted.KeyId, encrypted.KeyVersionId], [key.KeyId, key.PrimaryKeyVersion]);
          const opened = await kms.request('Decrypt', { CiphertextBlob: encrypted.CiphertextBlob, EncryptionContext: '{"k":"a+b & c=d \'(!)~*"}' }, options);
          assert.deepEqual([opened.Plaintext, opened.KeyId, opened.KeyVersionId], [Plaintext, key.KeyId, key.PrimaryKeyVersion]);
        }
      });

      test('GenerateDataKey gives a key whose blob opens to its Base64 text', async () => {
        for (const [parameters, length] of [[{}, 32], [{ KeySpec: 'AES_128' }, 16], [{ KeySpec: 'AES_128', NumberOfBytes: 100 }, 100], [{ NumberOfBytes: 1024 }, 1024]]) {
          const dataKey = await kms.request('GenerateDataKey', { KeyId: key.KeyId, ...parameters }, options);
          assert.equal(Buffer.from(dataKey.Plaintext, 'base64').length, length);
          const opened = await kms.request('Decrypt', { CiphertextBlob: dataKey.CiphertextBlob }, options);
          assert.equal(opened.Plaintext, dataKey.Plaintext);
        }
      });

      test('GenerateDataKeyWithoutPlaintext gives no plaintext', async () => {
        const dataKey = await kms.request('GenerateDataKeyWithoutPlaintext', { KeyId: key.KeyId }, options);
        assert.deepEqual(Object.keys(dataKey).sort(), ['CiphertextBlob', 'KeyId', 'KeyVersionId', 'RequestId']);
        const opened = await kms.request('Decrypt', { CiphertextBlob: dataKey.CiphertextBlob }, options);
        assert.equal(Buffer.from(opened.Plaintext, 'base64').length, 32);
      });

      test('DisableKey stops cryptography and EnableKey brings it back', async () => {
        const { CiphertextBlob } = await kms.request('Encrypt', { KeyId: key.KeyId, Plaintext: 'x' }, options);
        assert.deepEqual(Object.keys(await kms.request('DisableKey', { KeyId: key.KeyId }, options)), ['RequestId']);
        await kms.request('DisableKey', { KeyId: key.KeyId }, options);
        assert.equal((await kms.request('DescribeKey', { KeyId: key.KeyId }, options)).KeyMetadata.KeyState, 'Disabled');
        for (const [action, parameters] of [
          ['Encrypt', { KeyId: key.KeyId, Plaintext: 'x' }], ['Decrypt', { CiphertextBlob }], ['GenerateDataKey', { KeyId: key.KeyId }],
          ['GenerateDataKeyWithoutPlaintext', { KeyId: key.KeyId }],
        ]) {
          assert.equal(await codeOf(kms.request(action, parameters, options)), 'Rejected.Disabled', action);
        }
        await kms.request('EnableKey', { KeyId: key.KeyId }, options);
        assert.equal((await kms.request('Decrypt', { CiphertextBlob }, options)).Plaintext, 'x');
      });

      test('another account sees nothing of it', async () => {
        const other = popCore(service, service.credentials('2000000000000002'));
        const { CiphertextBlob } = await kms.request('Encrypt', { KeyId: key.KeyId, Plaintext: 'x' }, options);
        assert.equal(await codeOf(other.request('DescribeKey', { KeyId: key.KeyId }, options)), 'Forbidden.KeyNotFound');
        assert.equal(await codeOf(other.request('DescribeKey', { KeyId: key.Arn }, options)), 'Forbidden.KeyNotFound');
        assert.equal(await codeOf(other.request('Encrypt', { KeyId: key.KeyId, Plaintext: 'x' }, options)), 'Forbidden.KeyNotFound');
        assert.equal(await codeOf(other.request('Decrypt', { CiphertextBlob }, options)), 'InvalidParameter');
        assert.equal((await other.request('ListKeys', {}, options)).TotalCount, 0);
      });

      test('every unusable blob gives one and the same error', async () => {
        const { CiphertextBlob } = await kms.request('Encrypt', { KeyId: key.KeyId, Plaintext: 'SGVsbG8=', EncryptionContext: '{"a":"b"}' }, options);
        const blob = Buffer.from(CiphertextBlob, 'base64');
        const wrong = [];
        for (let byte = 0; byte < blob.length; byte++) {
          const changed = Buffer.from(blob);
          changed[byte] ^= 1 << byte % 8;
          wrong.push(changed, blob.subarray(0, byte));
        }
        wrong.push(Buffer.concat([blob, Buffer.alloc(1)]));
        const errors = new Set();
        const attempt = async (text, context) => {
          try {
            await kms.request('Decrypt', { CiphertextBlob: text, EncryptionContext: context }, options);
            errors.add('success');
          } catch (error) {
            errors.add(`${error.code}: ${error.data.Message}`);
          }
        };
        for (const bytes of wrong) if (bytes.length > 0) await attempt(bytes.toString('base64'), '{"a":"b"}');
        for (const context of ['{"a":"B"}', '{"A":"b"}', '{}', '{"a":"b","c":""}']) await attempt(CiphertextBlob, context);
        await attempt('%%%', '{"a":"b"}');
        assert.deepEqual([...errors], ['InvalidParameter: The specified parameter CiphertextBlob is not valid.']);
      });
    });
  }
}

test('DescribeRegions lists this region', async () => {
  assert.deepEqual((await kms.request('DescribeRegions', {})).Regions, { Region: [{ RegionId: 'local-1' }] });
});

test('documented errors', async () => {
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', {});
  const cases = [
    ['DescribeKey', {}, 'MissingParameter'],
    ['DescribeKey', { KeyId: 'no-such-key' }, 'Forbidden.KeyNotFound'],
    ['DescribeKey', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, 'Forbidden.KeyNotFound'],
    ['DescribeKey', { KeyId: 'alias/none' }, 'Forbidden.AliasNotFound'],
    ['DisableKey', { KeyId: 'alias/none' }, 'Unsupported.Alias'],
    ['Encrypt', { KeyId }, 'MissingParameter'],
    ['Encrypt', { KeyId, Plaintext: '-'.repeat(6145) }, 'InvalidParameter'],
    ['Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: '["a"]' }, 'InvalidParameter'],
    ['Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: '{"a":1}' }, 'InvalidParameter'],
    ['GenerateDataKey', { KeyId, NumberOfBytes: 1025 }, 'InvalidParameter'],
    ['GenerateDataKey', { KeyId, KeySpec: 'AES_512' }, 'InvalidParameter'],
    ['CreateKey', { KeySpec: 'AES_1' }, 'InvalidParameter'],
    ['CreateKey', { ProtectionLevel: 'hsm' }, 'InvalidParameter'],
    ['CreateKey', { KeyUsage: 'SIGN/VERIFY' }, 'UnsupportedOperation'],
    ['CreateKey', { Description: 'd'.repeat(8193) }, 'InvalidParameter'],
    ['ListKeys', { PageSize: 101 }, 'InvalidParameter'],
    ['ListKeys', { PageNumber: 0 }, 'InvalidParameter'],
    ['NoSuchAction', {}, 'InvalidAction.NotFound'],
  ];
  for (const [action, parameters, code] of cases) {
    for (const method of ['GET', 'POST']) assert.equal(await codeOf(kms.request(action, parameters, { method })), code, action + JSON.stringify(parameters).slice(0, 80));
  }
});

test('a wrong secret is told with the string to sign, an unknown access key without', async () => {
  const { AccessKeyId, AccessKeySecret } = service.credentials();
  const wrong = popCore(service, { AccessKeyId, AccessKeySecret: AccessKeySecret.replace(/.$/, c => (c === 'a' ? 'b' : 'a')) });
  await assert.rejects(wrong.request('ListKeys', {}), error => error.code === 'SignatureDoesNotMatch' && /server string to sign is:GET&%2F&AccessKeyId/.test(error.data.Message));
  const unknown = popCore(service, { AccessKeyId: 'LTAIunknownunknown', AccessKeySecret });
  await assert.rejects(unknown.request('ListKeys', {}), error => error.code === 'InvalidAccessKeyId.NotFound' && !error.data.Message.includes('string to sign'));
});
