// Every documented error, and each limit from both sides, as pop-core's users meet them.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
let service;
let kms;
const unknown = '1234abcd-12ab-34cd-56ef-1234567890ab';
const key = {};
let number = 0;
const name = () => `alias/n${++number}`;
const call = (action, parameters, method = 'POST') => kms.request(action, parameters, { method, timeout: 30_000 });
const rsa = bits => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const digest = randomBytes(32).toString('base64');
const tags = (count, prefix = 'k') => JSON.stringify(Array.from({ length: count }, (_, i) => ({ TagKey: `${prefix}${i}`, TagValue: 'v' })));
const numbered = (count, names) => Object.assign({}, ...Array.from({ length: count }, (_, i) => names(i + 1)));

before(async () => {
  service = await startService({ data: place.folder, env: { Kms__Quotas__Accounts__3000000000000003__Keys: '2', Kms__Quotas__Accounts__3000000000000003__Aliases: '1' }, args: ['--account', '1000000000000001', '--account', '3000000000000003'] });
  kms = popCore(service);
  const create = async parameters => (await call('CreateKey', parameters)).KeyMetadata.KeyId;
  const version = async KeyId => (await call('ListKeyVersions', { KeyId })).KeyVersions.KeyVersion[0].KeyVersionId;
  Object.assign(key, { aes: await create({}), other: await create({}), disabled: await create({}), pending: await create({}), spare: await create({}) });
  key.rsa = await create({ KeySpec: 'RSA_2048' });
  key.ec = await create({ KeySpec: 'EC_P256' });
  for (const kind of ['aes', 'rsa', 'ec']) key[`${kind}Version`] = await version(key[kind]);
  for (const state of ['disabled', 'pending']) {
    for (const [kind, parameters] of [['Signer', { KeySpec: 'EC_P256K' }], ['Opener', { KeySpec: 'RSA_3072' }]]) {
      const KeyId = await create(parameters);
      key[state + kind] = { KeyId, KeyVersionId: await version(KeyId) };
    }
  }
  for (const state of ['disabled', 'pending']) key[`${state}Blob`] = (await call('Encrypt', { KeyId: key[state], Plaintext: 'x' })).CiphertextBlob;
  for (const state of ['disabled', 'pending']) key[`${state}Version`] = await version(key[state]);
  key.blob = (await call('GenerateDataKey', { KeyId: key.aes })).CiphertextBlob;
  key.long = (await call('GenerateDataKey', { KeyId: key.aes, NumberOfBytes: 191 })).CiphertextBlob;
  key.text = (await call('Encrypt', { KeyId: key.aes, Plaintext: 'no data key!' })).CiphertextBlob;
  await call('CreateAlias', { KeyId: key.aes, AliasName: 'alias/taken' });
  await call('CreateAlias', { KeyId: key.ec, AliasName: 'alias/ec' });
  for (const kind of ['', 'Signer', 'Opener']) {
    await call('DisableKey', { KeyId: key[`disabled${kind}`].KeyId ?? key.disabled });
    await call('ScheduleKeyDeletion', { KeyId: key[`pending${kind}`].KeyId ?? key.pending, PendingWindowInDays: 7 });
  }
});
after(async () => {
  await service?.stop();
  place.remove();
});

/** Rows of parameters (a function: keys are made later) and the code that they lead to. */
function errors(action, ...rows) {
  describe(action, () => {
    for (const [what, parameters, code] of rows) {
      test(`${what}: ${code}`, async () => {
        for (const method of code === 'success' ? ['POST'] : ['GET', 'POST']) assert.equal(await codeOf(call(action, parameters(), method)), code);
      });
    }
  });
}

const noSuchKey = more => [
  ['an unknown key', () => ({ KeyId: unknown, ...more?.() }), 'Forbidden.KeyNotFound'],
  ['a malformed key id', () => ({ KeyId: 'KEY', ...more?.() }), 'Forbidden.KeyNotFound'],
  ['no key', () => ({ ...more?.() }), 'MissingParameter'],
];
const noAlias = more => [['an alias', () => ({ KeyId: 'alias/taken', ...more?.() }), 'Unsupported.Alias']];
const unknownAlias = more => [
  ['an unknown alias', () => ({ KeyId: 'alias/none', ...more?.() }), 'Forbidden.AliasNotFound'],
  ['a malformed alias', () => ({ KeyId: 'alias/a b', ...more?.() }), 'Forbidden.AliasNotFound'],
];
const pairStates = (kind, more) => [['disabled', 'Rejected.Disabled'], ['pending', 'Rejected.PendingDeletion']]
  .map(([state, code]) => [`a ${state} key`, () => ({ ...key[state + kind], ...more }), code]);
const pages = more => [
  ...[['0', 'InvalidParameter'], ['1', 'success']].map(([PageNumber, code]) => [`page ${PageNumber}`, () => ({ PageNumber, ...more?.() }), code]),
  ...[['0', 'InvalidParameter'], ['1', 'success'], ['100', 'success'], ['101', 'InvalidParameter'], ['x', 'InvalidParameter']].map(([PageSize, code]) => [`page size ${PageSize}`, () => ({ PageSize, ...more?.() }), code]),
];

errors('CreateKey',
  ['a description of 8192 characters', () => ({ Description: 'd'.repeat(8192) }), 'success'],
  ['a description of 8193 characters', () => ({ Description: 'd'.repeat(8193) }), 'InvalidParameter'],
  ['signatures with AES', () => ({ KeyUsage: 'SIGN/VERIFY' }), 'UnsupportedOperation'],
  ['encryption with EC_P256', () => ({ KeySpec: 'EC_P256', KeyUsage: 'ENCRYPT/DECRYPT' }), 'UnsupportedOperation'],
  ['rotation of an asymmetric key', () => ({ KeySpec: 'EC_P256', EnableAutomaticRotation: true, RotationInterval: '7d' }), 'Rejected.UnsupportedOperation'],
  ['rotation without an interval', () => ({ EnableAutomaticRotation: true }), 'MissingParameter'],
  ['an interval of 6 days', () => ({ EnableAutomaticRotation: 'True', RotationInterval: '6d' }), 'InvalidParameter'],
  ['an interval of 731 days', () => ({ EnableAutomaticRotation: 'True', RotationInterval: '731d' }), 'InvalidParameter'],
  ['an interval of 730 days', () => ({ EnableAutomaticRotation: 'True', RotationInterval: '730d' }), 'success'],
  ['an interval that does not count', () => ({ EnableAutomaticRotation: false, RotationInterval: 'never' }), 'success'],
  ['20 tags', () => ({ Tags: tags(20) }), 'success'],
  ['21 tags', () => ({ Tags: tags(21) }), 'InvalidParameter'],
  ['a tag twice', () => ({ Tags: '[{"TagKey":"a","TagValue":"1"},{"TagKey":"a","TagValue":"2"}]' }), 'InvalidParameter'],
  ['tags that are no JSON', () => ({ Tags: '[{' }), 'InvalidParameter'],
  ['a reserved tag', () => ({ Tags: '[{"TagKey":"acs:a","TagValue":""}]' }), 'InvalidParameter'],
  ['an instance', () => ({ DKMSInstanceId: 'kst-1' }), 'Forbidden.DKMSInstanceNotFound'],
);
errors('DescribeKey', ...noSuchKey(), ...unknownAlias(), ['an alias', () => ({ KeyId: 'alias/taken' }), 'success'], ['a pending key', () => ({ KeyId: key.pending }), 'success']);
errors('ListKeys', ...pages(),
  ['a filter on an unknown key', () => ({ Filters: '[{"Key":"Color","Values":["red"]}]' }), 'InvalidParameter'],
  ['a filter on an unknown value', () => ({ Filters: '[{"Key":"KeyState","Values":["enabled"]}]' }), 'InvalidParameter'],
  ['a filter that is no array', () => ({ Filters: '{"Key":"KeyState"}' }), 'InvalidParameter'],
  ['10 filters', () => ({ Filters: JSON.stringify(Array(10).fill({ Key: 'KeyState', Values: ['Enabled'] })) }), 'success'],
  ['11 filters', () => ({ Filters: JSON.stringify(Array(11).fill({ Key: 'KeyState', Values: ['Enabled'] })) }), 'InvalidParameter'],
  ['10 values', () => ({ Filters: JSON.stringify([{ Key: 'KeySpec', Values: Array(10).fill('RSA_2048') }]) }), 'success'],
  ['11 values', () => ({ Filters: JSON.stringify([{ Key: 'KeySpec', Values: Array(11).fill('RSA_2048') }]) }), 'InvalidParameter'],
);
for (const action of ['EnableKey', 'DisableKey']) errors(action, ...noSuchKey(), ...noAlias(), ['a pending key', () => ({ KeyId: key.pending }), 'Rejected.StateModifiedFailed']);
errors('ScheduleKeyDeletion',
  ...noSuchKey(() => ({ PendingWindowInDays: 7 })), ...noAlias(() => ({ PendingWindowInDays: 7 })),
  ['no window', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['6 days', () => ({ KeyId: key.aes, PendingWindowInDays: 6 }), 'InvalidParameter'],
  ['367 days', () => ({ KeyId: key.aes, PendingWindowInDays: 367 }), 'InvalidParameter'],
  ['a pending key', () => ({ KeyId: key.pending, PendingWindowInDays: 7 }), 'Rejected.StateModifiedFailed'],
);
errors('CancelKeyDeletion', ...noSuchKey(), ...noAlias(), ...['aes', 'disabled'].map(kind => [`a key that is not pending (${kind})`, () => ({ KeyId: key[kind] }), 'Rejected.StateModifiedFailed']));
errors('SetDeletionProtection',
  ['no key', () => ({ EnableDeletionProtection: true }), 'MissingParameter'],
  ['no decision', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['a decision that is none', () => ({ KeyId: key.aes, EnableDeletionProtection: 'maybe' }), 'InvalidParameter'],
  ['an unknown key', () => ({ ProtectedResourceArn: `acs:kms:local-1:1000000000000001:key/${unknown}`, EnableDeletionProtection: true }), 'Forbidden.KeyNotFound'],
  ['another region', () => ({ ProtectedResourceArn: `acs:kms:local-2:1000000000000001:key/${key.aes}`, EnableDeletionProtection: true }), 'Forbidden.KeyNotFound'],
  ['a pending key', () => ({ KeyId: key.pending, EnableDeletionProtection: true }), 'Rejected.PendingDeletion'],
  ['an alias', () => ({ KeyId: 'alias/taken', EnableDeletionProtection: true }), 'Unsupported.Alias'],
  ['the ARN of an alias', () => ({ ProtectedResourceArn: 'acs:kms:local-1:1000000000000001:alias/taken', EnableDeletionProtection: true }), 'Unsupported.Alias'],
  ['a description of 8192 characters', () => ({ KeyId: key.other, EnableDeletionProtection: true, DeletionProtectionDescription: 'd'.repeat(8192) }), 'success'],
  ['an instance', () => ({ KeyId: key.aes, KmsInstanceId: 'kst-1', EnableDeletionProtection: true }), 'Forbidden.DKMSInstanceNotFound'],
  ['one key by both names', () => ({ ProtectedResourceArn: `acs:kms:local-1:1000000000000001:key/${key.aes}`, KeyId: key.aes, EnableDeletionProtection: false }), 'success'],
  ['two keys', () => ({ ProtectedResourceArn: `acs:kms:local-1:1000000000000001:key/${key.aes}`, KeyId: key.other, EnableDeletionProtection: false }), 'InvalidParameter'],
  ['a description that does not count', () => ({ KeyId: key.aes, EnableDeletionProtection: false, DeletionProtectionDescription: 'd'.repeat(8193) }), 'success'],
  ['a description that is too long', () => ({ KeyId: key.aes, EnableDeletionProtection: true, DeletionProtectionDescription: 'd'.repeat(8193) }), 'InvalidParameter'],
);
errors('UpdateKeyDescription',
  ...noSuchKey(() => ({ Description: 'd' })), ...noAlias(() => ({ Description: 'd' })),
  ['no description', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['an empty description', () => ({ KeyId: key.aes, Description: '' }), 'success'],
  ['8192 characters', () => ({ KeyId: key.aes, Description: 'd'.repeat(8192) }), 'success'],
  ['8193 characters', () => ({ KeyId: key.aes, Description: 'd'.repeat(8193) }), 'InvalidParameter'],
  ['a pending key', () => ({ KeyId: key.pending, Description: 'd' }), 'Rejected.PendingDeletion'],
);
errors('CreateAlias',
  ...noSuchKey(() => ({ AliasName: name() })), ...noAlias(() => ({ AliasName: name() })),
  ['no name', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['a taken name', () => ({ KeyId: key.other, AliasName: 'alias/taken' }), 'AliasAlreadyExists'],
  ['a taken name for an unknown key', () => ({ KeyId: unknown, AliasName: 'alias/taken' }), 'Forbidden.KeyNotFound'],
  ['255 characters', () => ({ KeyId: key.aes, AliasName: `alias/${'a'.repeat(255)}` }), 'success'],
  ['256 characters', () => ({ KeyId: key.aes, AliasName: `alias/${'a'.repeat(256)}` }), 'InvalidParameter'],
  ['a reserved name', () => ({ KeyId: key.aes, AliasName: 'alias/acs/x' }), 'InvalidParameter'],
  ['no prefix', () => ({ KeyId: key.aes, AliasName: 'app' }), 'InvalidParameter'],
  ['a disabled key', () => ({ KeyId: key.disabled, AliasName: name() }), 'success'],
  ['a pending key', () => ({ KeyId: key.pending, AliasName: name() }), 'Rejected.StateModifiedFailed'],
);
errors('UpdateAlias',
  ...noSuchKey(() => ({ AliasName: 'alias/taken' })), ...noAlias(() => ({ AliasName: 'alias/taken' })),
  ['no name', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['an unknown name', () => ({ KeyId: key.aes, AliasName: 'alias/none' }), 'Forbidden.AliasNotFound'],
  ['a malformed name', () => ({ KeyId: key.aes, AliasName: 'alias/' }), 'InvalidParameter'],
  ['a pending key', () => ({ KeyId: key.pending, AliasName: 'alias/taken' }), 'Rejected.PendingDeletion'],
);
errors('DeleteAlias',
  ['no name', () => ({}), 'MissingParameter'], ['an unknown name', () => ({ AliasName: 'alias/none' }), 'Forbidden.AliasNotFound'],
  ['a malformed name', () => ({ AliasName: 'none' }), 'InvalidParameter'],
);
errors('ListAliases', ...pages());
errors('ListAliasesByKeyId', ...noSuchKey(), ...noAlias(), ...pages(() => ({ KeyId: key.aes })), ['a pending key', () => ({ KeyId: key.pending }), 'success']);
errors('TagResource',
  ...noSuchKey(() => ({ Tags: tags(1) })), ...unknownAlias(() => ({ Tags: tags(1) })),
  ['an alias', () => ({ KeyId: 'alias/taken', Tags: tags(1) }), 'success'],
  ['no tags', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['an empty list', () => ({ KeyId: key.aes, Tags: '[]' }), 'InvalidParameter'],
  ['20 tags', () => ({ KeyId: key.aes, Tags: tags(20) }), 'success'],
  ['21 tags', () => ({ KeyId: key.aes, Tags: tags(21) }), 'InvalidParameter'],
  ['a key of 128 characters', () => ({ KeyId: key.other, Tags: JSON.stringify([{ TagKey: 'k'.repeat(128), TagValue: '' }]) }), 'success'],
  ['a key of 129 characters', () => ({ KeyId: key.other, Tags: JSON.stringify([{ TagKey: 'k'.repeat(129), TagValue: '' }]) }), 'InvalidParameter'],
  ['a value of 256 characters', () => ({ KeyId: key.other, Tags: JSON.stringify([{ TagKey: 'k', TagValue: 'v'.repeat(256) }]) }), 'success'],
  ['a value of 257 characters', () => ({ KeyId: key.other, Tags: JSON.stringify([{ TagKey: 'k', TagValue: 'v'.repeat(257) }]) }), 'InvalidParameter'],
  ['a reserved key', () => ({ KeyId: key.other, Tags: '[{"TagKey":"acs:x","TagValue":""}]' }), 'InvalidParameter'],
  ['more than a key may have', () => ({ KeyId: key.aes, Tags: tags(20, 'x') }), 'success'],
  ['and still more', () => ({ KeyId: key.aes, Tags: tags(20, 'y') }), 'Rejected.LimitExceeded'],
  ['a secret', () => ({ SecretName: 's', Tags: tags(1) }), 'Forbidden.ResourceNotFound'],
  ['a certificate', () => ({ CertificateId: 'c', Tags: tags(1) }), 'Certificate.NotFound'],
  ['a secret and no tags', () => ({ SecretName: 's' }), 'MissingParameter'],
  ['a key and a secret', () => ({ KeyId: key.aes, SecretName: 's', Tags: tags(1) }), 'InvalidParameter'],
  ['a secret and a certificate', () => ({ SecretName: 's', CertificateId: 'c', Tags: tags(1) }), 'InvalidParameter'],
  ['a pending key', () => ({ KeyId: key.pending, Tags: tags(1) }), 'Rejected.PendingDeletion'],
);
errors('UntagResource',
  ...noSuchKey(() => ({ TagKeys: '["a"]' })), ...noAlias(() => ({ TagKeys: '["a"]' })),
  ['no keys', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['keys with commas', () => ({ KeyId: key.aes, TagKeys: 'k1,k2' }), 'success'],
  ['the misspelt name', () => ({ KeyId: key.aes, TagsKeys: '["k3"]' }), 'success'],
  ['no list of texts', () => ({ KeyId: key.aes, TagKeys: '[1]' }), 'InvalidParameter'],
  ...[[20, 'success'], [21, 'InvalidParameter']].map(([count, code]) => [`${count} keys`, () => ({ KeyId: key.aes, TagKeys: JSON.stringify(Array.from({ length: count }, (_, i) => `z${i}`)) }), code]),
  ['a secret', () => ({ SecretName: 's', TagKeys: '["a"]' }), 'Forbidden.ResourceNotFound'],
  ['a certificate', () => ({ CertificateId: 'c', TagKeys: '["a"]' }), 'Certificate.NotFound'],
  ['a key and a certificate', () => ({ KeyId: key.aes, CertificateId: 'c', TagKeys: '["a"]' }), 'InvalidParameter'],
  ['a pending key', () => ({ KeyId: key.pending, TagKeys: '["a"]' }), 'Rejected.PendingDeletion'],
);
errors('ListResourceTags', ...noSuchKey(), ...noAlias(), ['a pending key', () => ({ KeyId: key.pending }), 'success']);

const resources = more => ({ RegionId: 'local-1', ResourceType: 'key', 'ResourceId.1': key.spare, ...more });
const plural = more => [
  ['no region', () => { const { RegionId, ...rest } = resources(more); return rest; }, 'MissingParameter'],
  ['no type', () => { const { ResourceType, ...rest } = resources(more); return rest; }, 'MissingParameter'],
  ['an unknown type', () => resources({ ...more, ResourceType: 'bucket' }), 'InvalidParameter'],
  ['a secret', () => resources({ ...more, ResourceType: 'secret' }), 'InvalidResourceId.NotFound'],
  ['an unknown key', () => resources({ ...more, 'ResourceId.2': unknown }), 'InvalidResourceId.NotFound'],
  ['a malformed key id', () => resources({ ...more, 'ResourceId.2': 'x' }), 'InvalidResourceId.NotFound'],
  ['a malformed number', () => resources({ ...more, 'ResourceId.01': unknown }), 'InvalidParameter'],
  ['50 resources', () => ({ ...resources(more), ...numbered(50, i => ({ [`ResourceId.${i}`]: key.spare })) }), 'success'],
  ['51 resources', () => ({ ...resources(more), ...numbered(51, i => ({ [`ResourceId.${i}`]: key.spare })) }), 'InvalidParameter'],
];
errors('TagResources', ...plural({ 'Tag.1.Key': 'a' }),
  ['no resource', () => ({ RegionId: 'x', ResourceType: 'key', 'Tag.1.Key': 'a' }), 'MissingParameter'],
  ['no tag', () => resources(), 'MissingParameter'],
  ['a value without a key', () => resources({ 'Tag.1.Value': 'a' }), 'InvalidParameter.TagKey'],
  ['a reserved key', () => resources({ 'Tag.1.Key': 'aliyun' }), 'InvalidParameter.TagKey'],
  ['a value that is too long', () => resources({ 'Tag.1.Key': 'a', 'Tag.1.Value': 'v'.repeat(257) }), 'InvalidParameter.TagValue'],
  ['a key twice', () => resources({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }), 'Duplicate.TagKey'],
  ['20 tags', () => resources(numbered(20, i => ({ [`Tag.${i}.Key`]: `k${i}` }))), 'success'],
  ['21 tags', () => resources(numbered(21, i => ({ [`Tag.${i}.Key`]: `k${i}` }))), 'InvalidParameter'],
  ['a pending key', () => resources({ 'ResourceId.2': key.pending, 'Tag.1.Key': 'a' }), 'Rejected.PendingDeletion'],
);
errors('UntagResources', ...plural({ 'TagKey.1': 'a' }),
  ['neither keys nor all', () => resources(), 'MissingParameter'],
  ['a reserved key', () => resources({ 'TagKey.1': 'acs:x' }), 'InvalidParameter.TagKey'],
  ['all', () => resources({ All: true }), 'success'],
  ['20 keys', () => resources(numbered(20, i => ({ [`TagKey.${i}`]: `k${i}` }))), 'success'],
  ['21 keys', () => resources(numbered(21, i => ({ [`TagKey.${i}`]: `k${i}` }))), 'InvalidParameter'],
  ['a pending key', () => resources({ 'ResourceId.1': key.pending, 'TagKey.1': 'a' }), 'Rejected.PendingDeletion'],
);
errors('ListTagResources', ...plural(),
  ['no resource', () => ({ RegionId: 'x', ResourceType: 'key' }), 'success'],
  ['a key twice', () => resources({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }), 'Duplicate.TagKey'],
  ['a reserved key', () => resources({ 'Tag.1.Key': 'aliyun' }), 'InvalidParameter.TagKey'],
  ['20 tags', () => resources(numbered(20, i => ({ [`Tag.${i}.Key`]: `k${i}` }))), 'success'],
  ['21 tags', () => resources(numbered(21, i => ({ [`Tag.${i}.Key`]: `k${i}` }))), 'InvalidParameter'],
  ['a made-up token', () => resources({ NextToken: 'x' }), 'InvalidParameter'],
);
errors('CreateKeyVersion', ...noSuchKey(), ...unknownAlias(),
  ...pairStates('Signer'), ['a symmetric key', () => ({ KeyId: key.aes }), 'Rejected.UnsupportedOperation'], ['a week not over', () => ({ KeyId: 'alias/ec' }), 'Rejected.UnsupportedOperation'],
);
errors('ListKeyVersions', ...noSuchKey(), ...unknownAlias(), ...pages(() => ({ KeyId: key.aes })), ['a pending key', () => ({ KeyId: key.pending }), 'success']);
errors('DescribeKeyVersion',
  ...noSuchKey(() => ({ KeyVersionId: unknown })), ...unknownAlias(() => ({ KeyVersionId: unknown })),
  ['no version', () => ({ KeyId: key.aes }), 'MissingParameter'],
  ['an unknown version', () => ({ KeyId: key.aes, KeyVersionId: unknown }), 'Forbidden.KeyVersionNotFound'],
  ["another key's version", () => ({ KeyId: key.aes, KeyVersionId: key.ecVersion }), 'Forbidden.KeyVersionNotFound'],
  ['a malformed version', () => ({ KeyId: key.aes, KeyVersionId: 'x' }), 'Forbidden.KeyVersionNotFound'],
  ['a malformed version of an unknown key', () => ({ KeyId: unknown, KeyVersionId: 'x' }), 'Forbidden.KeyNotFound'],
  ['by alias', () => ({ KeyId: 'alias/ec', KeyVersionId: key.ecVersion }), 'success'],
);
const on = { EnableAutomaticRotation: true, RotationInterval: '7d' };
errors('UpdateRotationPolicy',
  ...noSuchKey(() => on), ...noAlias(() => on),
  ['no decision', () => ({ KeyId: key.aes }), 'MissingParameter'], ['no interval', () => ({ KeyId: key.aes, EnableAutomaticRotation: true }), 'MissingParameter'],
  ...[['6d', 'InvalidParameter'], ['7d', 'success'], ['604799s', 'InvalidParameter'], ['604800s', 'success'], ['730d', 'success'], ['731d', 'InvalidParameter'], ['7', 'InvalidParameter']]
    .map(([RotationInterval, code]) => [`an interval of ${RotationInterval}`, () => ({ KeyId: key.aes, EnableAutomaticRotation: true, RotationInterval }), code]),
  ['off', () => ({ KeyId: key.aes, EnableAutomaticRotation: 'False' }), 'success'],
  ['an asymmetric key', () => ({ KeyId: key.ec, ...on }), 'Rejected.UnsupportedOperation'],
  ['a disabled key', () => ({ KeyId: key.disabled, ...on }), 'Rejected.Disabled'], ['a pending key', () => ({ KeyId: key.pending, ...on }), 'Rejected.PendingDeletion'],
);

const states = more => [
  ['a disabled key', () => ({ KeyId: key.disabled, ...more?.() }), 'Rejected.Disabled'], ['a pending key', () => ({ KeyId: key.pending, ...more?.() }), 'Rejected.PendingDeletion'],
];
errors('Encrypt', ...noSuchKey(() => ({ Plaintext: 'x' })), ...unknownAlias(() => ({ Plaintext: 'x' })), ...states(() => ({ Plaintext: 'x' })),
  ['by alias', () => ({ KeyId: 'alias/taken', Plaintext: 'x' }), 'success'],
  ['an asymmetric key', () => ({ KeyId: key.rsa, Plaintext: 'x' }), 'UnsupportedOperation'], ['an asymmetric key by alias', () => ({ KeyId: 'alias/ec', Plaintext: 'x' }), 'UnsupportedOperation'],
  ['6144 bytes', () => ({ KeyId: key.aes, Plaintext: randomBytes(6144).toString('base64') }), 'success'],
  ['6145 bytes', () => ({ KeyId: key.aes, Plaintext: randomBytes(6145).toString('base64') }), 'InvalidParameter'],
);
const contexts = (name, more) => [['no JSON', '{'], ['a list', '["a"]'], ['a number', '{"a":1}']].map(([what, json]) => [`a context that is ${what}`, () => ({ ...more(), [name]: json }), 'InvalidParameter']);
errors('Decrypt', ...contexts('EncryptionContext', () => ({ CiphertextBlob: key.blob })),
  ['no blob', () => ({}), 'MissingParameter'], ['a recipient', () => ({ CiphertextBlob: key.blob, Recipient: 'x' }), 'UnsupportedOperation'],
  ['a disabled key', () => ({ CiphertextBlob: key.disabledBlob }), 'Rejected.Disabled'], ['a pending key', () => ({ CiphertextBlob: key.pendingBlob }), 'Rejected.PendingDeletion']);
for (const action of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']) {
  errors(action, ...noSuchKey(), ...unknownAlias(), ...states(), ...contexts('EncryptionContext', () => ({ KeyId: key.aes })), ['an asymmetric key', () => ({ KeyId: key.rsa }), 'UnsupportedOperation'],
    ...[['0', 'success'], ['1', 'success'], ['1024', 'success'], ['1025', 'InvalidParameter']].map(([NumberOfBytes, code]) => [`${NumberOfBytes} bytes`, () => ({ KeyId: key.aes, NumberOfBytes }), code]),
    ['by alias', () => ({ KeyId: 'alias/taken' }), 'success'], ['another spec', () => ({ KeyId: key.aes, KeySpec: 'AES_192' }), 'InvalidParameter'],
  );
}
const fromPublicKey = () => ({
  CiphertextBlob: randomBytes(256).toString('base64'), SourceKeyId: key.rsa, SourceKeyVersionId: key.rsaVersion, SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', DestinationKeyId: key.other,
});
errors('ReEncrypt',
  ['no blob', () => ({ DestinationKeyId: key.other }), 'MissingParameter'], ['no destination', () => ({ CiphertextBlob: key.blob }), 'MissingParameter'],
  ['a destination by alias', () => ({ CiphertextBlob: key.blob, DestinationKeyId: 'alias/taken' }), 'success'],
  ['an unknown destination', () => ({ CiphertextBlob: key.blob, DestinationKeyId: unknown }), 'Forbidden.KeyNotFound'],
  ['an unknown alias', () => ({ CiphertextBlob: key.blob, DestinationKeyId: 'alias/none' }), 'Forbidden.AliasNotFound'],
  ['an asymmetric destination', () => ({ CiphertextBlob: key.blob, DestinationKeyId: key.rsa }), 'UnsupportedOperation'],
  ['a disabled destination', () => ({ CiphertextBlob: key.blob, DestinationKeyId: key.disabled }), 'Rejected.Disabled'],
  ['a pending destination', () => ({ CiphertextBlob: key.blob, DestinationKeyId: key.pending }), 'Rejected.PendingDeletion'],
  ['a disabled source', () => ({ CiphertextBlob: key.disabledBlob, DestinationKeyId: key.other }), 'Rejected.Disabled'],
  ['a pending source', () => ({ CiphertextBlob: key.pendingBlob, DestinationKeyId: key.other }), 'Rejected.PendingDeletion'],
  ['a broken blob', () => ({ CiphertextBlob: key.blob.replace(/^../, 'AA'), DestinationKeyId: key.other }), 'InvalidParameter'],
  ['a blob of a key that there is not', () => ({ CiphertextBlob: elsewhere(key.blob), DestinationKeyId: key.other }), 'InvalidParameter'],
  ['a wrong context', () => ({ CiphertextBlob: key.blob, SourceEncryptionContext: '{"a":"b"}', DestinationKeyId: key.other }), 'InvalidParameter'],
  ...contexts('SourceEncryptionContext', () => ({ CiphertextBlob: key.blob, DestinationKeyId: key.other })),
  ...contexts('DestinationEncryptionContext', () => ({ CiphertextBlob: key.blob, DestinationKeyId: key.other })),
  ['an unknown source', () => ({ ...fromPublicKey(), SourceKeyId: unknown }), 'Forbidden.KeyNotFound'],
  ['a source by alias', () => ({ ...fromPublicKey(), SourceKeyId: 'alias/taken' }), 'Unsupported.Alias'],
  ['an unknown algorithm', () => ({ ...fromPublicKey(), SourceEncryptionAlgorithm: 'RSA' }), 'InvalidParameter'],
  ['an algorithm that does not fit', () => ({ ...fromPublicKey(), SourceEncryptionAlgorithm: 'SM2PKE' }), 'InvalidParameter'],
  ['a ciphertext that is none', () => fromPublicKey(), 'InvalidParameter'],
  ['a source for signatures', () => ({ ...fromPublicKey(), SourceKeyId: key.ec, SourceKeyVersionId: key.ecVersion }), 'UnsupportedOperation'],
  ...[['disabled', 'Rejected.Disabled'], ['pending', 'Rejected.PendingDeletion']].map(([state, code]) => [
    `a ${state} source by name`, () => ({ ...fromPublicKey(), SourceKeyId: key[`${state}Opener`].KeyId, SourceKeyVersionId: key[`${state}Opener`].KeyVersionId }), code,
  ]),
  ['half a public key', () => ({ CiphertextBlob: key.blob, SourceKeyId: key.rsa, DestinationKeyId: key.other }), 'MissingParameter'],
  ['a symmetric source by name', () => ({ CiphertextBlob: 'QUJD', SourceKeyId: key.aes, SourceKeyVersionId: key.aesVersion, SourceEncryptionAlgorithm: 'SM2PKE', DestinationKeyId: key.other }), 'UnsupportedOperation'],
  ['an unknown source version', () => ({ CiphertextBlob: 'QUJD', SourceKeyId: key.rsa, SourceKeyVersionId: unknown, SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', DestinationKeyId: key.other }), 'Forbidden.KeyVersionNotFound'],
);
// The key that a blob names is in the bytes 2 to 17.
const elsewhere = blob => {
  const bytes = Buffer.from(blob, 'base64');
  bytes[2] ^= 1;
  return bytes.toString('base64');
};
const recipient = { WrappingKeySpec: 'RSA_2048', WrappingAlgorithm: 'RSAES_OAEP_SHA_256', PublicKeyBlob: rsa(2048) };
const recipients = more => [
  ...Object.keys(recipient).map(parameter => [`no ${parameter}`, () => ({ ...more(), ...recipient, [parameter]: '' }), 'MissingParameter']),
  ['a longer key', () => ({ ...more(), ...recipient, PublicKeyBlob: rsa(3072) }), 'InvalidParameter'],
  ['a key that is none', () => ({ ...more(), ...recipient, PublicKeyBlob: 'QUJD' }), 'InvalidParameter'],
  ['another spec', () => ({ ...more(), ...recipient, WrappingKeySpec: 'RSA_3072' }), 'InvalidParameter'],
  ['an algorithm that does not fit', () => ({ ...more(), ...recipient, WrappingAlgorithm: 'SM2PKE' }), 'InvalidParameter'],
];
errors('ExportDataKey', ...recipients(() => ({ CiphertextBlob: key.blob })),
  ...contexts('EncryptionContext', () => ({ CiphertextBlob: key.blob, ...recipient })),
  ['a broken blob', () => ({ ...recipient, CiphertextBlob: key.blob.replace(/^../, 'AA') }), 'InvalidParameter'],
  ['a blob of a key that there is not', () => ({ ...recipient, CiphertextBlob: elsewhere(key.blob) }), 'InvalidParameter'],
  ['no blob', () => recipient, 'MissingParameter'], ['a blob without a data key', () => ({ ...recipient, CiphertextBlob: key.text }), 'InvalidParameter'],
  ['a disabled key', () => ({ ...recipient, CiphertextBlob: key.disabledBlob }), 'Rejected.Disabled'], ['a pending key', () => ({ ...recipient, CiphertextBlob: key.pendingBlob }), 'Rejected.PendingDeletion'],
);
errors('GenerateAndExportDataKey', ...recipients(() => ({ KeyId: key.aes })), ...noSuchKey(() => recipient), ...unknownAlias(() => recipient), ...states(() => recipient),
  ...contexts('EncryptionContext', () => ({ KeyId: key.aes, ...recipient })),
  ...[['0', 'success'], ['1', 'success'], ['190', 'success'], ['191', 'InvalidParameter'], ['1025', 'InvalidParameter']]
    .map(([NumberOfBytes, code]) => [`${NumberOfBytes} bytes`, () => ({ KeyId: key.aes, NumberOfBytes, ...recipient }), code]),
  ['another spec for the data key', () => ({ KeyId: key.aes, KeySpec: 'AES_192', ...recipient }), 'InvalidParameter'],
  ['by alias', () => ({ KeyId: 'alias/taken', ...recipient }), 'success'], ['an asymmetric key', () => ({ KeyId: key.rsa, ...recipient }), 'UnsupportedOperation'],
);

const versions = more => [
  ...noSuchKey(() => ({ KeyVersionId: unknown, ...more })), ...unknownAlias(() => ({ KeyVersionId: unknown, ...more })),
  ['no version', () => ({ KeyId: key.ec, ...more }), 'MissingParameter'],
  ['an unknown version', () => ({ KeyId: key.ec, KeyVersionId: unknown, ...more }), 'Forbidden.KeyVersionNotFound'],
  ["another key's version", () => ({ KeyId: key.ec, KeyVersionId: key.rsaVersion, ...more }), 'Forbidden.KeyVersionNotFound'],
];
errors('GetPublicKey', ...versions(), ...pairStates('Signer'), ['by alias', () => ({ KeyId: 'alias/ec', KeyVersionId: key.ecVersion }), 'success'],
  ['a symmetric key', () => ({ KeyId: key.aes, KeyVersionId: key.aesVersion }), 'UnsupportedOperation'],
);
const ecdsa = { Algorithm: 'ECDSA_SHA_256', Digest: digest };
for (const [action, more] of [['AsymmetricSign', {}], ['AsymmetricVerify', { Value: 'QUJD' }]]) {
  errors(action, ...versions({ ...ecdsa, ...more }), ...pairStates('Signer', { ...ecdsa, ...more }),
    ['by alias', () => ({ KeyId: 'alias/ec', KeyVersionId: key.ecVersion, ...ecdsa, ...more }), 'success'],
    ['a symmetric key', () => ({ KeyId: key.aes, KeyVersionId: key.aesVersion, ...ecdsa, ...more }), 'UnsupportedOperation'],
    ['a key for encryption', () => ({ KeyId: key.rsa, KeyVersionId: key.rsaVersion, Algorithm: 'RSA_PSS_SHA_256', Digest: digest, ...more }), 'UnsupportedOperation'],
    ['no algorithm', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, Digest: digest, ...more }), 'MissingParameter'],
    ['an unknown algorithm', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, Digest: digest, Algorithm: 'ECDSA', ...more }), 'InvalidParameter'],
    ['an algorithm that does not fit', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, Digest: digest, Algorithm: 'RSA_PSS_SHA_256', ...more }), 'InvalidParameter'],
    ['31 bytes', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa, Digest: randomBytes(31).toString('base64'), ...more }), 'InvalidParameter'],
    ['33 bytes', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa, Digest: randomBytes(33).toString('base64'), ...more }), 'InvalidParameter'],
    ...Object.keys(more).flatMap(name => [
      [`no ${name}`, () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa }), 'MissingParameter'],
      [`${name} that is no Base64`, () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa, [name]: '%' }), 'InvalidParameter'],
    ]),
    ['a digest that is no Base64', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa, Digest: '%', ...more }), 'InvalidParameter'],
  );
}
const oaep = { Algorithm: 'RSAES_OAEP_SHA_256' };
for (const [action, more] of [['AsymmetricEncrypt', { Plaintext: 'QUJD' }], ['AsymmetricDecrypt', { CiphertextBlob: randomBytes(256).toString('base64') }]]) {
  errors(action, ...versions({ ...oaep, ...more }), ...pairStates('Opener', { ...oaep, ...more }),
    ['a symmetric key', () => ({ KeyId: key.aes, KeyVersionId: key.aesVersion, ...oaep, ...more }), 'Rejected.UnsupportedOperation'],
    ['a key for signatures', () => ({ KeyId: key.ec, KeyVersionId: key.ecVersion, ...oaep, ...more }), 'Rejected.UnsupportedOperation'],
    ['an algorithm that does not fit', () => ({ KeyId: key.rsa, KeyVersionId: key.rsaVersion, Algorithm: 'SM2PKE', ...more }), 'InvalidParameter'],
    ['no Base64', () => ({ KeyId: key.rsa, KeyVersionId: key.rsaVersion, ...oaep, [Object.keys(more)[0]]: '%' }), 'InvalidParameter'],
    ['nothing', () => ({ KeyId: key.rsa, KeyVersionId: key.rsaVersion, ...oaep }), 'MissingParameter'],
  );
}
errors('GetKeyPolicy', ...noSuchKey(), ...noAlias(), ['any key', () => ({ KeyId: key.aes }), 'Forbidden.KeyPolicyUnSupported'], ['another name', () => ({ KeyId: key.aes, PolicyName: 'mine' }), 'Forbidden.ResourceNotFound']);
errors('SetKeyPolicy', ...noSuchKey(() => ({ Policy: '{}' })), ...noAlias(() => ({ Policy: '{}' })),
  ['another name', () => ({ KeyId: key.aes, PolicyName: 'mine', Policy: '{}' }), 'Forbidden.ResourceNotFound'],
  ['a policy of 32768 bytes', () => ({ KeyId: key.aes, Policy: 'p'.repeat(32768) }), 'Forbidden.KeyPolicyUnSupported'],
  ['any key', () => ({ KeyId: key.aes, Policy: '{}' }), 'Forbidden.KeyPolicyUnSupported'],
  ['no policy', () => ({ KeyId: key.aes }), 'MissingParameter'], ['a policy of 32769 bytes', () => ({ KeyId: key.aes, Policy: 'p'.repeat(32769) }), 'InvalidParameter'],
);
errors('OpenKmsService', ['any account', () => ({}), 'Forbidden.Opened']);
errors('ListKeyPolicies', ['an action that there is not', () => ({}), 'InvalidAction.NotFound']);

// What is missing comes before what is malformed, and that before what there is not.
for (const [action, parameters, missing] of [
  ['Encrypt', { KeyId: 'KEY', Plaintext: 'x', EncryptionContext: 'no JSON' }, 'Plaintext'],
  ['Encrypt', { KeyId: 'alias/none', Plaintext: 'x', EncryptionContext: 'no JSON' }, 'Plaintext'],
  ['Decrypt', { CiphertextBlob: 'x', EncryptionContext: 'no JSON' }, 'CiphertextBlob'],
  ['GenerateDataKey', { KeyId: 'KEY', NumberOfBytes: '9999' }, 'KeyId'],
  ['GenerateDataKeyWithoutPlaintext', { KeyId: 'alias/none', KeySpec: 'x' }, 'KeyId'],
  ['ReEncrypt', { CiphertextBlob: 'x', DestinationKeyId: 'KEY', DestinationEncryptionContext: 'no JSON' }, 'DestinationKeyId'],
  ['GenerateAndExportDataKey', { KeyId: 'KEY', ...recipient, EncryptionContext: 'no JSON' }, 'PublicKeyBlob'],
  ['AsymmetricSign', { KeyId: 'KEY', KeyVersionId: 'x', ...ecdsa, Algorithm: 'x' }, 'Algorithm'],
  ['AsymmetricVerify', { KeyId: 'KEY', KeyVersionId: 'x', ...ecdsa, Algorithm: 'x', Value: 'QUJD' }, 'Value'],
  ['AsymmetricEncrypt', { KeyId: 'KEY', KeyVersionId: 'x', Algorithm: 'x', Plaintext: 'QUJD' }, 'Plaintext'],
  ['AsymmetricDecrypt', { KeyId: 'KEY', KeyVersionId: 'x', Algorithm: 'x', CiphertextBlob: 'QUJD' }, 'CiphertextBlob'],
  ['TagResources', { RegionId: 'x', ResourceType: 'key', 'ResourceId.1': 'x', 'Tag.1.Key': 'a', 'Tag.2.Key': 'acs:x' }, 'ResourceType'],
  ['TagResources', { RegionId: 'x', ResourceType: 'key', 'ResourceId.1': 'x', 'Tag.1.Key': 'acs:x' }, 'ResourceId.1'],
  ['UntagResources', { RegionId: 'x', ResourceType: 'key', 'ResourceId.1': 'x', 'TagKey.1': 'acs:x' }, 'ResourceId.1'],
  ['ListTagResources', { RegionId: 'x', ResourceType: 'key', 'ResourceId.1': 'x', 'Tag.1.Key': 'acs:x' }, 'RegionId'],
]) {
  test(`${action}: missing, then malformed, then not there`, async () => {
    const { [missing]: _, ...rest } = parameters;
    assert.equal(await codeOf(call(action, rest)), 'MissingParameter');
    assert.match(await codeOf(call(action, parameters)), /^InvalidParameter/);
  });
}

test('a refusal says what it is about', async () => {
  const message = async (action, parameters) => (await assert.rejects(call(action, parameters), error => ((message.last = error.data.Message), true)), message.last);
  for (const [action, parameters, text] of [
    ['CreateKey', { KeySpec: 'EC_P256', KeyUsage: 'ENCRYPT/DECRYPT' }, 'KeyUsage ENCRYPT/DECRYPT does not go with KeySpec EC_P256.'],
    ['CreateKey', { Origin: 'EXTERNAL', KeySpec: 'RSA_2048' }, 'cannot be imported into KeySpec RSA_2048'],
    ['Encrypt', { KeyId: key.rsa, Plaintext: 'x' }, 'The key is of KeySpec RSA_2048 and KeyUsage ENCRYPT/DECRYPT.'],
    ['UpdateRotationPolicy', { KeyId: key.ec, ...on }, 'The key is of KeySpec EC_P256 and KeyUsage SIGN/VERIFY.'],
    ['ExportDataKey', { CiphertextBlob: key.long, ...recipient }, 'too long for the wrapping key'],
  ]) {
    assert.ok((await message(action, parameters)).includes(text), `${action}: ${message.last}`);
  }
});

test('a dry run changes nothing and tells how the call would end', async () => {
  const rows = [
    ['Encrypt', { KeyId: key.aes, Plaintext: 'x' }, 'DryRunOperationError'], ['Decrypt', { CiphertextBlob: key.blob }, 'DryRunOperationError'], ['GenerateDataKey', { KeyId: key.aes }, 'DryRunOperationError'],
    ['GenerateDataKeyWithoutPlaintext', { KeyId: key.aes }, 'DryRunOperationError'], ['ReEncrypt', { CiphertextBlob: key.blob, DestinationKeyId: key.other }, 'DryRunOperationError'],
    ['ExportDataKey', { CiphertextBlob: key.blob, ...recipient }, 'DryRunOperationError'], ['GenerateAndExportDataKey', { KeyId: key.aes, ...recipient }, 'DryRunOperationError'],
    ['AsymmetricSign', { KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa }, 'DryRunOperationError'],
    ['AsymmetricVerify', { KeyId: key.ec, KeyVersionId: key.ecVersion, ...ecdsa, Value: 'QUJD' }, 'DryRunOperationError'],
    ['AsymmetricEncrypt', { KeyId: key.rsa, KeyVersionId: key.rsaVersion, ...oaep, Plaintext: 'QUJD' }, 'DryRunOperationError'],
    ['AsymmetricDecrypt', { KeyId: key.rsa, KeyVersionId: key.rsaVersion, ...oaep, CiphertextBlob: 'QUJD' }, 'ValidationError'],
    ['Encrypt', { KeyId: key.disabled, Plaintext: 'x' }, 'ValidationError'],
  ];
  for (const [action, parameters, code] of rows) {
    await assert.rejects(call(action, { ...parameters, DryRun: 'true' }), error => error.code === code && !/Plaintext|CiphertextBlob":/.test(JSON.stringify(error.data.Plaintext ?? '')), action);
    assert.notEqual(await codeOf(call(action, { ...parameters, DryRun: 'false' })), code, action);
  }
  // What knows no dry run is not done in its place.
  for (const [action, parameters] of [['CreateKey', {}], ['DisableKey', { KeyId: key.aes }], ['DeleteAlias', { AliasName: 'alias/taken' }], ['ListKeys', {}]]) {
    assert.equal(await codeOf(call(action, { ...parameters, DryRun: 'true' })), 'UnsupportedOperation', action);
  }
  assert.equal((await call('DescribeKey', { KeyId: 'alias/taken' })).KeyMetadata.KeyState, 'Enabled');
  await assert.rejects(call('Encrypt', { KeyId: key.disabled, Plaintext: 'x', DryRun: 'true' }), error => error.data.Message.startsWith('Rejected.Disabled: '));
});

test('an alias is followed at once, wherever it points', async () => {
  const [from, to] = [key.aes, key.other];
  const AliasName = name();
  await call('CreateAlias', { KeyId: from, AliasName });
  assert.equal((await call('Encrypt', { KeyId: AliasName, Plaintext: 'x' })).KeyId, from);
  await call('UpdateAlias', { KeyId: to, AliasName });
  assert.equal((await call('Encrypt', { KeyId: AliasName, Plaintext: 'x' })).KeyId, to);
  assert.equal((await call('DescribeKey', { KeyId: `acs:kms:local-1:1000000000000001:${AliasName}` })).KeyMetadata.KeyId, to);
  await call('DeleteAlias', { AliasName });
  assert.equal(await codeOf(call('Encrypt', { KeyId: AliasName, Plaintext: 'x' })), 'Forbidden.AliasNotFound');
});

test('a protected key is not scheduled for deletion', async () => {
  const { KeyMetadata } = await call('CreateKey', {});
  await call('SetDeletionProtection', { ProtectedResourceArn: KeyMetadata.Arn, EnableDeletionProtection: true, DeletionProtectionDescription: 'why' });
  assert.equal(await codeOf(call('ScheduleKeyDeletion', { KeyId: KeyMetadata.KeyId, PendingWindowInDays: 7 })), 'Rejected.UnsupportedOperation');
  const described = (await call('DescribeKey', { KeyId: KeyMetadata.KeyId })).KeyMetadata;
  assert.deepEqual([described.DeletionProtection, described.DeletionProtectionDescription], ['Enabled', 'why']);
});

test('quotas of an account are kept, and told with the documented code', async () => {
  const exceeded = quota => error => error.code === 'Rejected.LimitExceeded' && error.data.Message.includes(quota);
  const small = popCore(service, service.credentials('3000000000000003'));
  const keys = [];
  for (let i = 0; i < 2; i++) keys.push((await small.request('CreateKey', {})).KeyMetadata.KeyId);
  await assert.rejects(small.request('CreateKey', {}), exceeded('keys'));
  await small.request('CreateAlias', { KeyId: keys[0], AliasName: 'alias/one' });
  await assert.rejects(small.request('CreateAlias', { KeyId: keys[0], AliasName: 'alias/two' }), exceeded('aliases'));
});

test('lists are filtered by all that the documents name', async () => {
  const listed = async filters => (await call('ListKeys', { PageSize: 100, Filters: JSON.stringify(filters) })).Keys.Key.map(entry => entry.KeyId);
  assert.ok((await listed([{ Key: 'KeyState', Values: ['Disabled'] }])).includes(key.disabled));
  assert.deepEqual(await listed([{ Key: 'KeySpec', Values: ['RSA_2048', 'Aliyun_AES_128'] }]), [key.rsa]);
  assert.deepEqual(await listed([{ Key: 'KeyUsage', Values: ['SIGN/VERIFY'] }, { Key: 'ProtectionLevel', Values: ['SOFTWARE'] }, { Key: 'KeyState', Values: ['Enabled'] }, { Key: 'KeySpec', Values: [] }]), [key.ec]);
  assert.deepEqual(await listed([{ Key: 'KeySpec', Values: ['RSA_2048'] }, { Key: 'KeySpec', Values: ['EC_P256'] }]), [key.rsa, key.ec]);
  for (const filter of [{ Key: 'CreatorType', Values: ['Service'] }, { Key: 'DKMSInstanceId', Values: ['kst-1'] }, { Key: 'ProtectionLevel', Values: ['HSM'] }, { Key: 'KeySpec', Values: ['Aliyun_AES_192'] }]) {
    assert.deepEqual(await listed([filter]), [], filter.Key);
  }
});

test('a context given with a blob is needed to open it, whatever made the blob', async () => {
  const context = '{"a":"b"}';
  const { CiphertextBlob } = await call('AsymmetricEncrypt', { KeyId: key.rsa, KeyVersionId: key.rsaVersion, ...oaep, Plaintext: 'QUJD' });
  const source = { SourceKeyId: key.rsa, SourceKeyVersionId: key.rsaVersion, SourceEncryptionAlgorithm: oaep.Algorithm };
  for (const [action, parameters] of [
    ['Encrypt', { KeyId: key.aes, Plaintext: 'x', EncryptionContext: context }],
    ['GenerateDataKey', { KeyId: key.aes, EncryptionContext: context }],
    ['GenerateDataKeyWithoutPlaintext', { KeyId: key.aes, EncryptionContext: context }],
    ['GenerateAndExportDataKey', { KeyId: key.aes, EncryptionContext: context, ...recipient }],
    ['ReEncrypt', { CiphertextBlob: key.blob, DestinationKeyId: key.aes, DestinationEncryptionContext: context }],
    ['ReEncrypt', { CiphertextBlob, ...source, DestinationKeyId: key.aes, DestinationEncryptionContext: context }],
  ]) {
    const made = await call(action, parameters);
    assert.equal(await codeOf(call('Decrypt', { CiphertextBlob: made.CiphertextBlob })), 'InvalidParameter', action);
    assert.equal(await codeOf(call('Decrypt', { CiphertextBlob: made.CiphertextBlob, EncryptionContext: context })), 'success', action);
  }
});

test('every action that makes a data key makes it as long as is wanted', async () => {
  for (const action of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateAndExportDataKey']) {
    for (const [wanted, length] of [[{}, 32], [{ KeySpec: 'AES_256' }, 32], [{ KeySpec: 'AES_128' }, 16], [{ KeySpec: 'AES_128', NumberOfBytes: 0 }, 16], [{ KeySpec: 'AES_128', NumberOfBytes: 100 }, 100]]) {
      const { CiphertextBlob } = await call(action, { KeyId: key.aes, ...wanted, ...(action.includes('Export') && recipient) });
      assert.equal(Buffer.from((await call('Decrypt', { CiphertextBlob })).Plaintext, 'base64').length, length, action);
    }
  }
});

test('aliases, versions and tags come page by page', async () => {
  const { KeyMetadata: { KeyId } } = await call('CreateKey', {});
  const made = Array.from({ length: 5 }, name).reverse();
  for (const AliasName of made) await call('CreateAlias', { KeyId, AliasName });
  const names = async (action, more) => {
    const pages = [];
    for (const PageNumber of [1, 2, 3, 4]) pages.push((await call(action, { PageNumber, PageSize: 2, ...more })).Aliases.Alias.map(alias => alias.AliasName));
    return pages;
  };
  assert.deepEqual(await names('ListAliasesByKeyId', { KeyId }), [made.slice(0, 2), made.slice(2, 4), made.slice(4), []]);
  const all = (await call('ListAliases', { PageSize: 100 })).Aliases.Alias.map(alias => alias.AliasName);
  assert.deepEqual((await names('ListAliases')).flat(), all.slice(0, 8));
  const version = await call('ListKeyVersions', { KeyId, PageNumber: 2, PageSize: 1 });
  assert.deepEqual([version.KeyVersions.KeyVersion, version.PageNumber, version.PageSize, version.TotalCount], [[], 2, 1, 1]);

  // A page of tags has 200.
  const mine = Array.from({ length: 20 }, (_, i) => ({ TagKey: `page-${String(i).padStart(2, '0')}`, TagValue: `v${i}` }));
  const tagged = [];
  for (let i = 0; i < 11; i++) tagged.push((await call('CreateKey', { Tags: JSON.stringify(mine) })).KeyMetadata.KeyId);
  const list = more => call('ListTagResources', { RegionId: 'local-1', ResourceType: 'key', 'Tag.1.Key': 'page-00', ...more });
  const first = await list();
  const second = await list({ NextToken: first.NextToken });
  assert.deepEqual([first.TagResources.TagResource.length, second.TagResources.TagResource.length, second.NextToken], [200, 20, '']);
  assert.deepEqual(
    [...first.TagResources.TagResource, ...second.TagResources.TagResource],
    tagged.flatMap(ResourceId => mine.map(tag => ({ ResourceId, ResourceType: 'key', ...tag }))));
  assert.deepEqual((await call('ListTagResources', { RegionId: 'local-1', ResourceType: 'secret' })).TagResources, { TagResource: [] });
});

test('tags are taken off by name, and all of them only when asked for', async () => {
  const { KeyMetadata: { KeyId } } = await call('CreateKey', { Tags: tags(4) });
  const left = async () => (await call('ListResourceTags', { KeyId })).Tags.Tag.map(tag => `${tag.TagKey}=${tag.TagValue}`).join();
  const untag = more => call('UntagResources', { RegionId: 'local-1', ResourceType: 'key', 'ResourceId.1': KeyId, ...more });
  assert.equal(await left(), 'k0=v,k1=v,k2=v,k3=v');
  await call('UntagResource', { KeyId, TagKeys: '["k0","none"]' });
  assert.equal(await left(), 'k1=v,k2=v,k3=v');
  await untag({ 'TagKey.1': 'k1' });
  await untag({ 'TagKey.1': 'k2', All: true });
  assert.equal(await left(), 'k3=v');
  await untag({ All: true });
  assert.equal(await left(), '');
});

test('DescribeKey tells what is set and what is due', async () => {
  const { KeyMetadata: { KeyId } } = await call('CreateKey', { Description: 'first', EnableAutomaticRotation: true, RotationInterval: '7d' });
  const described = async () => (await call('DescribeKey', { KeyId })).KeyMetadata;
  const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const made = await described();
  assert.deepEqual([made.AutomaticRotation, made.RotationInterval, days(made.LastRotationDate, made.NextRotationDate)], ['Enabled', '604800s', 7]);
  await call('UpdateKeyDescription', { KeyId, Description: 'second' });
  await call('UpdateRotationPolicy', { KeyId, EnableAutomaticRotation: true, RotationInterval: '365d' });
  await call('SetDeletionProtection', { KeyId, EnableDeletionProtection: true });
  await call('SetDeletionProtection', { KeyId, EnableDeletionProtection: false });
  const earliest = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 30 });
  const latest = new Date().toISOString();
  const pending = await described();
  assert.deepEqual(
    [pending.KeyState, pending.Description, pending.DeletionProtection, pending.AutomaticRotation, days(pending.LastRotationDate, pending.NextRotationDate)],
    ['PendingDeletion', 'second', 'Disabled', 'Suspended', 365]);
  assert.ok(days(earliest, pending.DeleteDate) >= 30 && days(latest, pending.DeleteDate) <= 30, pending.DeleteDate);
  await call('CancelKeyDeletion', { KeyId });
  await call('UpdateRotationPolicy', { KeyId, EnableAutomaticRotation: false });
  const { RotationInterval, NextRotationDate, ...off } = await described();
  assert.deepEqual([off.KeyState, off.DeleteDate, off.AutomaticRotation, RotationInterval, NextRotationDate], ['Enabled', '', 'Disabled', undefined, undefined]);
});
