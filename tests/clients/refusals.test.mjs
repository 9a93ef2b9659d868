// What is refused, and how: one row a case, each request signed over exactly what it says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startService, temporaryFolder } from './support/service.mjs';
import { acs3, codeIn, rpc, send } from './support/rpc.mjs';

const account = '1000000000000001';
let service, place, me, host, KeyId;
before(async () => {
  place = temporaryFolder();
  service = await startService({ data: place.folder, args: ['--account', account, '--account', '2000000000000002'] });
  me = service.credentials();
  host = `127.0.0.1:${service.port}`;
  KeyId = (await answer('CreateKey', {})).KeyMetadata.KeyId;
});
after(async () => {
  await service?.stop();
  place.remove();
});

const outcome = async (...call) => {
  const got = await send(service, rpc(me, ...call));
  return [got.status, codeIn(got)];
};
const answer = async (...call) => JSON.parse((await send(service, rpc(me, ...call))).text);
const unknown = '1234abcd-12ab-34cd-56ef-1234567890ab';

for (const [name, value, status, code] of [
  ['Action', '', 400, 'MissingAction'],
  ['Action', 'listKeys', 404, 'InvalidAction.NotFound'],
  ['Version', undefined, 400, 'MissingVersion'],
  ['Version', '2016-01-21', 400, 'InvalidVersion'],
  ['Format', 'YAML', 400, 'InvalidParameter.Format'],
  ['AccessKeyId', undefined, 400, 'MissingAccessKeyId'],
  ['AccessKeyId', 'nobody', 404, 'InvalidAccessKeyId.NotFound'],
  ['AccessKeyId', 'some/id', 404, 'InvalidAccessKeyId.NotFound'],
  ['AccessKeyId', '密', 404, 'InvalidAccessKeyId.NotFound'],
  ['AccessKeyId', 'x'.repeat(129), 404, 'InvalidAccessKeyId.NotFound'],
  ['SignatureMethod', undefined, 400, 'MissingSignatureMethod'],
  ['SignatureMethod', 'HMAC-MD5', 400, 'InvalidSignatureMethod'],
  ['SignatureType', 'BEARERTOKEN', 400, 'InvalidSignatureType'],
  ['SignatureVersion', undefined, 400, 'MissingSignatureVersion'],
  ['SignatureVersion', '2.0', 400, 'InvalidSignatureVersion'],
  ['SignatureNonce', undefined, 400, 'MissingSignatureNonce'],
  ['SignatureNonce', 'n'.repeat(257), 400, 'InvalidParameter'],
  ['Timestamp', undefined, 400, 'MissingTimestamp'],
  ['Timestamp', '2024-05-06T07:08:09', 400, 'InvalidTimeStamp.Format'],
  ['Timestamp', '2024-02-30T07:08:09Z', 400, 'InvalidTimeStamp.Format'],
  ['Timestamp', '2024-05-06T07:08:09Z', 400, 'InvalidTimeStamp.Expired'],
]) {
  test(`common parameter ${name}=${String(value).slice(0, 30)}: ${code}`, async () => assert.deepEqual(await outcome('ListKeys', { [name]: value }), [status, code]));
}

for (const [what, change, code] of [
  ['no signature', r => ({ ...r, query: r.query.replace(/&Signature=.*/, '') }), 'MissingSignature'],
  ['a signature that is no Base64', r => ({ ...r, query: r.query.replace(/&Signature=.*/, '&Signature=no*base64') }), 'IncompleteSignature'],
  ['another signature', r => ({ ...r, query: r.query.replace(/&Signature=.*/, '&Signature=QUJD') }), 'SignatureDoesNotMatch'],
  ['a parameter twice', r => ({ ...r, query: r.query + '&Action=ListKeys' }), 'InvalidParameter'],
  ['an overlong UTF-8 form', r => ({ ...r, query: r.query + '&x=%C0%80' }), 'ParseRequestParameterException'],
  ['half an escape', r => ({ ...r, query: r.query + '&x=%4' }), 'ParseRequestParameterException'],
]) {
  test(`${what}: ${code}`, async () => assert.equal(codeIn(await send(service, rpc(me, 'ListKeys', {}, { change }))), code));
}

for (const [what, change, status, code] of [
  ['no action', headers => delete headers['x-acs-action'], 400, 'MissingAction'],
  ['no version', headers => delete headers['x-acs-version'], 400, 'MissingVersion'],
  ['no date', headers => delete headers['x-acs-date'], 400, 'MissingTimestamp'],
  ['no nonce', headers => delete headers['x-acs-signature-nonce'], 400, 'MissingSignatureNonce'],
  ['SM3', headers => (headers.authorization = headers.authorization.replace('SHA256', 'SM3')), 400, 'InvalidSignatureMethod'],
  ['half an authorization', headers => (headers.authorization = 'ACS3-HMAC-SHA256 Credential=' + me.AccessKeyId), 400, 'IncompleteSignature'],
  ['another body than was hashed', headers => (headers['x-acs-content-sha256'] = 'a'.repeat(64)), 400, 'SignatureDoesNotMatch'],
]) {
  test(`ACS3 with ${what}: ${code}`, async () => {
    const request = acs3(me, host, 'ListKeys');
    change(request.headers);
    const got = await send(service, request);
    assert.deepEqual([got.status, codeIn(got)], [status, code]);
  });
}

for (const [action, parameters, status, code] of [
  ['CreateKey', { KeySpec: 'Aliyun_AES_128' }, 400, 'UnsupportedOperation'],
  ['CreateKey', { KeyStorageMechanism: 'x' }, 400, 'UnsupportedOperation'],
  ['CreateKey', { KeySpec: 'AES' }, 400, 'InvalidParameter'],
  ['CreateKey', { KeyUsage: 'SIGN/VERIFY' }, 400, 'UnsupportedOperation'],
  ['CreateKey', { KeyUsage: 'encrypt/decrypt' }, 400, 'InvalidParameter'],
  ['CreateKey', { Origin: 'EXTERNAL', KeySpec: 'RSA_2048' }, 400, 'UnsupportedOperation'],
  ['CreateKey', { Origin: 'EXTERNAL', EnableAutomaticRotation: true, RotationInterval: '7d' }, 400, 'Rejected.UnsupportedOperation'],
  ['CreateKey', { Origin: 'external' }, 400, 'InvalidParameter'],
  ['CreateKey', { EnableAutomaticRotation: 'yes' }, 400, 'InvalidParameter'],
  ['CreateKey', { Policy: '{}' }, 400, 'UnsupportedOperation'],
  ['CreateKey', { DKMSInstanceId: 'kst-1' }, 403, 'Forbidden.DKMSInstanceNotFound'],
  ['ListKeys', { PageNumber: '2147483648' }, 400, 'InvalidParameter'],
  ['ListKeys', { PageNumber: '1.0' }, 400, 'InvalidParameter'],
  ['ListKeys', { PageNumber: ' 1' }, 400, 'InvalidParameter'],
  ['ListKeys', { PageNumber: '+1' }, 400, 'InvalidParameter'],
  ['ListKeys', { PageSize: '-1' }, 400, 'InvalidParameter'],
  ['EnableKey', { KeyId: 'alias/a' }, 400, 'Unsupported.Alias'],
  ['EnableKey', { KeyId: unknown }, 404, 'Forbidden.KeyNotFound'],
  ['Encrypt', { KeyId: 'alias/a', Plaintext: 'x' }, 404, 'Forbidden.AliasNotFound'],
  ['Encrypt', { KeyId: unknown, Plaintext: 'x' }, 404, 'Forbidden.KeyNotFound'],
  ['DescribeKey', { KeyId: `acs:kms:local-1:${account}:key/x` }, 404, 'Forbidden.KeyNotFound'],
  ['DescribeKey', { KeyId: '/' }, 404, 'Forbidden.KeyNotFound'],
  ['DescribeKey', { KeyId: '' }, 400, 'MissingParameter'],
  ['GenerateDataKey', { KeyId: unknown, KeySpec: 'AES_192' }, 400, 'InvalidParameter'],
  ['GenerateDataKey', { KeyId: unknown, NumberOfBytes: '-1' }, 400, 'InvalidParameter'],
  ['GenerateDataKey', { KeyId: unknown, Recipient: 'x' }, 400, 'UnsupportedOperation'],
  ['Decrypt', { CiphertextBlob: 'QUJD' }, 400, 'InvalidParameter'],
]) {
  test(`${action} ${JSON.stringify(parameters)}: ${code}`, async () => assert.deepEqual(await outcome(action, parameters), [status, code]));
}

for (const [prefix, code] of [
  [`acs:kms:local-1:${account}:key/`, 'success'], [`acs:kms:local-2:${account}:key/`, 'Forbidden.KeyNotFound'],
  ['acs:kms:local-1:2000000000000002:key/', 'Forbidden.KeyNotFound'], ['x/', 'Forbidden.KeyNotFound'],
]) {
  test(`key id ${prefix}: ${code}`, async () => assert.equal((await outcome('DescribeKey', { KeyId: prefix + KeyId }))[1], code));
}

for (const context of ['[]', 'x', 'null', '{"a":1}', '{"a":null}', '{"a":{}}', '{"a":"b","a":"b"}', '{"a":"b"', '{"a":"b"}{}', '{"a":"\\ud800"}']) {
  test(`encryption context ${context} is refused`, async () =>
    assert.deepEqual(await outcome('Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: context }), [400, 'InvalidParameter']));
}

test('both forms of an encryption context have one meaning and one limit', async () => {
  const forms = context => [{ EncryptionContext: JSON.stringify(context) }, Object.fromEntries(Object.entries(context).map(([name, value]) => [`EncryptionContext.${name}`, value]))];
  const post = { method: 'POST', form: true };
  // What is sent in one form is opened in the other: an empty name, the longest name, the most pairs.
  for (const context of [{ '': 'v' }, { ['k'.repeat(8185)]: '' }, Object.fromEntries(Array.from({ length: 744 }, (_, i) => [`k${i}`, 'v']))]) {
    const [json, flattened] = forms(context);
    const { CiphertextBlob } = JSON.parse((await send(service, rpc(me, 'Encrypt', { KeyId, Plaintext: 'x', ...flattened }, post))).text);
    assert.deepEqual(await outcome('Decrypt', { CiphertextBlob, ...json }, post), [200, 'success']);
    assert.deepEqual(await outcome('Decrypt', { CiphertextBlob }, post), [400, 'InvalidParameter']);
  }
  for (const form of forms({ k: 'v'.repeat(8185) })) assert.deepEqual(await outcome('Encrypt', { KeyId, Plaintext: 'x', ...form }, post), [400, 'InvalidParameter']);
});

test('an encryption context comes in one form only', async () => assert.deepEqual(
  await outcome('Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: '{}', 'EncryptionContext.a': 'b' }), [400, 'InvalidParameter']));

for (const [length, code] of [[8192, 'success'], [8193, 'InvalidParameter']]) {
  test(`an encryption context of ${length} bytes: ${code}`, async () => {
    const json = `{"k":"${'v'.repeat(length - 8)}"}`;
    assert.equal((await outcome('Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: json }))[1], code);
  });
}

for (const [length, character, code] of [[6144, '-', 'success'], [6145, '-', 'InvalidParameter'], [8192, 'A', 'success'], [8196, 'A', 'InvalidParameter']]) {
  test(`a plaintext of ${length} times ${character}: ${code}`, async () =>
    assert.equal((await outcome('Encrypt', { KeyId, Plaintext: character.repeat(length) }, { method: 'POST', form: true }))[1], code));
}

for (const [method, path, status] of [['HEAD', '/', 403], ['OPTIONS', '/', 403], ['GET', '/favicon.ico', 404], ['POST', '/some/path', 404]]) {
  test(`${method} ${path} gets a plain ${status}`, async () => assert.equal((await fetch(service.url + path, { method })).status, status));
}
