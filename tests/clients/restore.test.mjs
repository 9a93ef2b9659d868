// The restore drill: an empty machine, a backup, and a token; weeks have passed between them.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { rpc, send } from './support/rpc.mjs';
import { admin, startService, temporaryFolder } from './support/service.mjs';

const library = ['x86_64', 'aarch64'].map(cpu => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);
const place = temporaryFolder();
const file = name => join(place.folder, name);
const at = days => (days ? { LD_PRELOAD: library, FAKETIME: `+${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1' } : {});
const dated = days => ({ Timestamp: new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') });

/** A service whose clock is so many days ahead, and how to call it. */
async function start(data, days, env = {}) {
  const service = await startService({ data, env: { ...at(days), ...env } });
  const callAs = async (credentials, action, parameters = {}) =>
    JSON.parse((await send(service, rpc(credentials, action, { ...dated(days), ...parameters }, { method: 'POST', form: true }))).text);
  const call = (action, parameters) => callAs(service.credentials(), action, parameters);
  const ram = (action, parameters) => call(action, { Version: '2015-05-01', ...parameters });
  return { service, call, callAs, ram };
}

const ran = async (args, env) => {
  const ended = await admin(args, { env });
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  return ended.stdout;
};
const refused = async (args, reason, env) => {
  const ended = await admin(args, { env });
  assert.equal(ended.code, 1, ended.stdout);
  assert.match(ended.stderr, reason);
};

const digest = Buffer.alloc(32, 9).toString('base64');
const blobs = [];
const kept = [];
const shares = numbers => numbers.flatMap(number => ['--share', file(`shares/kms-root-2.share-${number}.txt`)]);
const made = {};
const carol = {};

before(async () => {
  const data = file('first');
  let { service, call, ram } = await start(data, 0);
  for (const ProtectionLevel of ['SOFTWARE', 'HSM']) {
    made[ProtectionLevel] = (await call('CreateKey', { ProtectionLevel })).KeyMetadata.KeyId;
    // Its window passes before the backup.
    await call('ScheduleKeyDeletion', { KeyId: made[ProtectionLevel], PendingWindowInDays: 7 });
  }
  await service.stop();

  ({ service, call, ram } = await start(data, 8));
  await ran(['add-root-key', '--data', data, '--export', file('root.json'), '--shares', '5', '--threshold', '3', '--shares-folder', file('shares'), '--confirm', 'kms-root-2'], at(8));
  for (const ProtectionLevel of ['SOFTWARE', 'HSM']) {
    const create = async (parameters = {}) => (await call('CreateKey', { ProtectionLevel, ...parameters })).KeyMetadata.KeyId;
    const key = { level: ProtectionLevel, gone: made[ProtectionLevel] };
    for (const name of ['plain', 'disabled', 'later']) {
      key[name] = await create();
      const Plaintext = `${ProtectionLevel} ${name}`;
      blobs.push({ KeyId: key[name], Plaintext, CiphertextBlob: (await call('Encrypt', { KeyId: key[name], Plaintext, EncryptionContext: '{"of":"us"}' })).CiphertextBlob });
      await call('CreateAlias', { KeyId: key[name], AliasName: `alias/${ProtectionLevel}-${name}` });
      await call('TagResource', { KeyId: key[name], Tags: `[{"TagKey":"is","TagValue":"${name}"}]` });
    }
    // Its window passes between backup and restore.
    key.between = await create();
    await call('CreateAlias', { KeyId: key.between, AliasName: `alias/${ProtectionLevel}-between` });
    key.betweenBlob = (await call('Encrypt', { KeyId: key.between, Plaintext: 'x' })).CiphertextBlob;
    key.signing = await create({ KeySpec: 'EC_P256' });
    key.signingVersion = (await call('ListKeyVersions', { KeyId: key.signing })).KeyVersions.KeyVersion[0].KeyVersionId;
    key.signature = (await call('AsymmetricSign', { KeyId: key.signing, KeyVersionId: key.signingVersion, Algorithm: 'ECDSA_SHA_256', Digest: digest })).Value;
    kept.push(key);
    await call('DisableKey', { KeyId: key.disabled });
    await call('ScheduleKeyDeletion', { KeyId: key.later, PendingWindowInDays: 30 });
    await call('ScheduleKeyDeletion', { KeyId: key.between, PendingWindowInDays: 7 });
    assert.equal((await call('DescribeKey', { KeyId: key.gone })).Code, 'Forbidden.KeyNotFound');
  }
  // Through a group, whose policy has a second version.
  const group = { GroupName: 'auditors', UserName: 'carol' };
  const policy = { PolicyName: 'describe', PolicyType: 'Custom' };
  const document = (...actions) => JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
  for (const [action, parameters] of [
    ['CreateUser', group], ['CreateGroup', group], ['AddUserToGroup', group], ['CreatePolicy', { ...policy, PolicyDocument: document('kms:CreateKey') }],
    ['AttachPolicyToGroup', { ...policy, ...group }], ['CreatePolicyVersion', { ...policy, PolicyDocument: document('kms:DescribeKey'), SetAsDefault: 'true' }],
  ]) assert.equal((await ram(action, parameters)).Code, undefined);
  for (const Status of ['Active', 'Inactive']) {
    const { AccessKey } = await ram('CreateAccessKey', group);
    assert.equal((await ram('UpdateAccessKey', { ...group, UserAccessKeyId: AccessKey.AccessKeyId, Status })).Code, undefined);
    carol[Status] = AccessKey;
  }
  await ran(['rewrap', '--data', data], at(8));
  await ran(['backup', '--data', data, '--to', file('backup'), '--without-token'], at(8));
  await ran(['backup', '--data', data, '--to', file('backup-with-token'), '--with-token'], at(8));
  await service.stop();
});
after(() => place.remove());

/** What a service on a restored folder has to show, eight days after the backup. */
async function check(data, env) {
  const { service, call, callAs, ram } = await start(data, 16, env);
  try {
    const codes = action => Promise.all(['Active', 'Inactive'].map(async key => (await callAs(carol[key], action, { KeyId: kept[0].plain })).Code ?? 'success'));
    assert.deepEqual(await codes('DescribeKey'), ['success', 'InvalidAccessKeyId.Inactive']);
    assert.deepEqual(await codes('CreateKey'), ['Forbidden.NoPermission', 'InvalidAccessKeyId.Inactive']);
    const { AccessKey } = (await ram('ListAccessKeys', { UserName: 'carol' })).AccessKeys;
    assert.deepEqual(AccessKey.map(key => [key.AccessKeyId, key.Status]), Object.entries(carol).map(([status, key]) => [key.AccessKeyId, status]));
    for (const { level, gone, between, betweenBlob, plain, disabled, later, signing, signingVersion, signature } of kept) {
      for (const KeyId of [gone, between]) {
        assert.equal((await call('DescribeKey', { KeyId })).Code, 'Forbidden.KeyNotFound');
        assert.equal((await call('CancelKeyDeletion', { KeyId })).Code, 'Forbidden.KeyNotFound');
      }
      assert.notEqual((await call('Decrypt', { CiphertextBlob: betweenBlob })).Code, undefined);
      const state = async KeyId => (await call('DescribeKey', { KeyId })).KeyMetadata.KeyState;
      assert.deepEqual([await state(plain), await state(disabled), await state(later)], ['Enabled', 'Disabled', 'PendingDeletion']);
      await call('EnableKey', { KeyId: disabled });
      await call('CancelKeyDeletion', { KeyId: later });
      for (const name of ['plain', 'disabled', 'later']) {
        assert.equal((await call('DescribeKey', { KeyId: `alias/${level}-${name}` })).KeyMetadata.KeyId, { plain, disabled, later }[name]);
        assert.deepEqual((await call('ListResourceTags', { KeyId: { plain, disabled, later }[name] })).Tags.Tag.map(tag => `${tag.TagKey}=${tag.TagValue}`), [`is=${name}`]);
      }
      assert.equal((await call('AsymmetricVerify', { KeyId: signing, KeyVersionId: signingVersion, Algorithm: 'ECDSA_SHA_256', Digest: digest, Value: signature })).Value, true);
      const { Value } = await call('AsymmetricSign', { KeyId: signing, KeyVersionId: signingVersion, Algorithm: 'ECDSA_SHA_256', Digest: digest });
      assert.equal((await call('AsymmetricVerify', { KeyId: signing, KeyVersionId: signingVersion, Algorithm: 'ECDSA_SHA_256', Digest: digest, Value })).Value, true);
      assert.equal((await call('CreateKey', { ProtectionLevel: level })).KeyMetadata.KeyState, 'Enabled');
    }
    for (const { KeyId, Plaintext, CiphertextBlob } of blobs) {
      const opened = await call('Decrypt', { CiphertextBlob, EncryptionContext: '{"of":"us"}' });
      assert.deepEqual([opened.KeyId, opened.Plaintext], [KeyId, Plaintext]);
    }
    // The sweep after the start takes them out of the lists, too.
    const listed = async () => (await call('ListKeys', { PageSize: 100 })).Keys.Key.map(key => key.KeyId);
    const end = Date.now() + 30_000;
    while ((await listed()).some(KeyId => kept.some(key => key.between === KeyId || key.gone === KeyId))) assert.ok(Date.now() < end, 'a destroyed key is still listed');
  } finally {
    await service.stop();
  }
}

test('without the token: a new token with the root key from shares opens everything', { timeout: 200_000 }, async () => {
  const data = file('second');
  mkdirSync(file('token/tokens'), { recursive: true });
  writeFileSync(file('token/softhsm2.conf'), `directories.tokendir = ${file('token/tokens')}\nobjectstore.backend = file\n`);
  const env = { ...at(16), SOFTHSM2_CONF: file('token/softhsm2.conf'), Kms__Hsm__TokenLabel: 'drill', Kms__Hsm__PinFile: file('token/user.pin') };
  assert.match(await ran(['restore', '--from', file('backup'), '--data', data], env), /holds kms-root-2/);
  assert.ok(!existsSync(join(data, 'hsm')));
  assert.match(await ran(['init-token', '--label', 'drill', '--pin-file', file('token/user.pin'), '--so-pin-file', file('so.pin')], env), /Token 'drill' is ready/);
  await refused(['verify', '--data', data], /holds no key kms-root-2/, env);

  const take = ['import-root-key', '--data', data, '--from', file('root.json'), '--confirm', 'kms-root-2'];
  await refused([...take, ...shares([1, 4])], /3 different shares are needed, 2 were given/, env);
  await refused([...take, ...shares([1, 4, 4])], /3 different shares are needed, 2 were given/, env);
  const mistyped = readFileSync(file('shares/kms-root-2.share-5.txt'), 'utf8').replace(/(value: .*)(.)\n/, (_, head, last) => `${head}${last === '0' ? '1' : '0'}\n`);
  writeFileSync(file('mistyped.txt'), mistyped);
  await refused([...take, ...shares([1, 4]), '--share', file('mistyped.txt')], /mistyped.txt' was mistyped or damaged/, env);
  await refused(['import-root-key', '--data', data, '--from', file('root.json'), ...shares([1, 4, 5])], /confirm with --confirm kms-root-2/, env);
  assert.match(await ran([...take, ...shares([5, 1, 4])], env), /kms-root-2 is in the token now/);
  assert.match(await ran([...take, ...shares([2, 3, 4])], env), /the token held kms-root-2 already/);

  // The root's and carol's two.
  assert.match(await ran(['verify', '--deep', '--data', data], env), /Access keys: 3\.[\s\S]*Everything opens\./);
  await check(data, env);
  const told = await ran(['token-info', '--data', data], env);
  assert.match(told, /token +drill, [\s\S]*root keys +kms-root-2\n/);
  // The drill's own records come after those of the first machine.
  assert.match(await ran(['records', '--data', data], env), /add-root-key {2}kms-root-2 [\s\S]*import-root-key/);
  await refused(['backup', '--data', data, '--to', file('never'), '--with-token'], /the token is not in the data folder/, env);
});

test('without the token: likewise with a new token in the restored folder', { timeout: 200_000 }, async () => {
  const data = file('third');
  await ran(['restore', '--from', file('backup'), '--data', data], at(16));
  await refused(['verify', '--data', data], /has no token: restore .* or make a new token with kms-admin init-token/, at(16));
  await ran(['init-token', '--data', data], at(16));
  await refused(['init-token', '--data', data], /is not empty: a token in use is never made anew/, at(16));
  await ran(['import-root-key', '--data', data, '--from', file('root.json'), '--confirm', 'kms-root-2', ...shares([1, 2, 3])], at(16));
  await check(data);
});

test('with the token: the backup alone opens everything', { timeout: 200_000 }, async () => {
  const data = file('fourth');
  assert.ok(readdirSync(file('backup-with-token/hsm')).includes('user.pin'));
  await ran(['restore', '--from', file('backup-with-token'), '--data', data], at(16));
  assert.match(await ran(['verify', '--deep', '--data', data], at(16)), /Everything opens\./);
  await check(data);
});
