// Days pass while the service is down: libfaketime gives its next process another clock.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { jsonLeaves, paths, xmlAnswer } from './support/answers.mjs';
import { rpc, send } from './support/rpc.mjs';
import { popCore, startService, temporaryFolder } from './support/service.mjs';

const library = ['x86_64', 'aarch64'].map(cpu => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);
const place = temporaryFolder();
let service;
let days = 0;

const start = async later => {
  days = later;
  service = await startService({ data: place.folder, env: later ? { LD_PRELOAD: library, FAKETIME: `+${later}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1' } : {} });
};

const dated = parameters => ({ Timestamp: new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z'), ...parameters });
const text = async (action, parameters) => (await send(service, rpc(service.credentials(), action, dated(parameters), { method: 'POST', form: true }))).text;
const call = async (action, parameters = {}) => JSON.parse(await text(action, parameters));

// What is due is done by a sweep that begins when the service is ready.
async function until(ask) {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < end, 'it did not happen in time');
  }
}

const versions = async KeyId => (await call('ListKeyVersions', { KeyId })).KeyVersions.KeyVersion;
const made = {};

before(async () => {
  await start(0);
  for (const level of ['SOFTWARE', 'HSM']) {
    const create = async parameters => (await call('CreateKey', { ProtectionLevel: level, ...parameters })).KeyMetadata.KeyId;
    const keys = (made[level] = {
      rotating: await create({ EnableAutomaticRotation: 'true', RotationInterval: '7d' }), suspended: await create({ EnableAutomaticRotation: 'true', RotationInterval: '7d' }),
      deleted: await create({}), kept: await create({}), signing: await create({ KeySpec: 'EC_P256' }), decrypting: await create({ KeySpec: 'RSA_2048' }), told: await create({ KeySpec: 'EC_P256K' }),
    });
    keys.blob = (await call('Encrypt', { KeyId: keys.rotating, Plaintext: 'old' })).CiphertextBlob;
    await call('DisableKey', { KeyId: keys.suspended });
    for (const name of ['deleted', 'kept']) {
      await call('CreateAlias', { KeyId: keys[name], AliasName: `alias/${level}-${name}` });
      await call('TagResource', { KeyId: keys[name], Tags: '[{"TagKey":"was","TagValue":"here"}]' });
    }
    await call('ScheduleKeyDeletion', { KeyId: keys.deleted, PendingWindowInDays: 7 });
    await call('ScheduleKeyDeletion', { KeyId: keys.kept, PendingWindowInDays: 9 });
    keys.early = (await call('CreateKeyVersion', { KeyId: keys.signing })).Code;
  }
  await service.kill();
  await start(8);
});
after(async () => {
  await service?.stop();
  place.remove();
});

for (const level of ['SOFTWARE', 'HSM']) {
  test(`${level}: a key whose window passed while the service was down is destroyed, with aliases, tags and rows`, async () => {
    const { deleted, kept } = made[level];
    for (const [action, parameters] of [['DescribeKey', {}], ['CancelKeyDeletion', {}], ['ListResourceTags', {}], ['ListAliasesByKeyId', {}]]) {
      assert.equal((await call(action, { KeyId: deleted, ...parameters })).Code, 'Forbidden.KeyNotFound', action);
    }
    await until(async () => (await call('DescribeKey', { KeyId: `alias/${level}-deleted` })).Code === 'Forbidden.AliasNotFound');
    const tags = async () => (await call('ListTagResources', { RegionId: 'local-1', ResourceType: 'key' })).TagResources.TagResource.map(tag => tag.ResourceId);
    await until(async () => !(await tags()).includes(deleted));
    await until(async () => !(await call('ListKeys', { PageSize: 100 })).Keys.Key.some(key => key.KeyId === deleted));
    assert.ok((await tags()).includes(kept));
    assert.equal((await call('DescribeKey', { KeyId: `alias/${level}-kept` })).KeyMetadata.KeyState, 'PendingDeletion');
    assert.deepEqual(await call('CancelKeyDeletion', { KeyId: kept }).then(answer => Object.keys(answer)), ['RequestId']);
  });

  test(`${level}: a rotation that fell due while the service was down is made once`, async () => {
    const { rotating, blob } = made[level];
    const [first, second] = await until(async () => { const all = await versions(rotating); return all.length > 1 && all; });
    assert.equal((await call('Encrypt', { KeyId: rotating, Plaintext: 'x' })).KeyVersionId, second.KeyVersionId);
    const opened = await call('Decrypt', { CiphertextBlob: blob });
    assert.deepEqual([opened.Plaintext, opened.KeyVersionId], ['old', first.KeyVersionId]);
    assert.equal((await call('DescribeKey', { KeyId: rotating })).KeyMetadata.LastRotationDate, second.CreationDate);
  });

  test(`${level}: a suspended key rotates when it is enabled`, async () => {
    const { suspended } = made[level];
    assert.equal((await call('DescribeKey', { KeyId: suspended })).KeyMetadata.AutomaticRotation, 'Suspended');
    assert.equal((await versions(suspended)).length, 1);
    await call('EnableKey', { KeyId: suspended });
    assert.equal((await versions(suspended)).length, 2);
    assert.equal((await call('DescribeKey', { KeyId: suspended })).KeyMetadata.AutomaticRotation, 'Enabled');
  });

  test(`${level}: an asymmetric key gets its next version after a week`, async () => {
    const { signing, early } = made[level];
    assert.equal(early, 'Rejected.UnsupportedOperation');
    const { KeyVersion } = await call('CreateKeyVersion', { KeyId: signing });
    assert.deepEqual(Object.keys(KeyVersion), ['KeyId', 'KeyVersionId', 'CreationDate']);
    assert.deepEqual((await versions(signing)).map(version => version.KeyVersionId)[1], KeyVersion.KeyVersionId);
    assert.equal((await call('CreateKeyVersion', { KeyId: signing })).Code, 'Rejected.UnsupportedOperation');
  });

  test(`${level}: CreateKeyVersion answers with the documented fields, to pop-core and in XML`, async () => {
    const { decrypting, told } = made[level];
    const expected = ['KeyVersion/CreationDate', 'KeyVersion/KeyId', 'KeyVersion/KeyVersionId', 'RequestId'];
    const json = await popCore(service).request('CreateKeyVersion', dated({ KeyId: decrypting }), { method: 'POST', timeout: 60_000 });
    assert.deepEqual(paths(jsonLeaves(json)), expected);
    const xml = xmlAnswer(await text('CreateKeyVersion', { KeyId: told, Format: 'XML' }));
    assert.deepEqual([xml.root, paths(xml.leaves)], ['CreateKeyVersionResponse', expected]);
    // Of an asymmetric key, too, the date of the last version is that of its last rotation.
    assert.equal((await call('DescribeKey', { KeyId: decrypting })).KeyMetadata.LastRotationDate, json.KeyVersion.CreationDate);
  });
}

test('nothing is doubled by another restart', async () => {
  await service.kill();
  await start(9);
  for (const level of ['SOFTWARE', 'HSM']) {
    assert.equal((await versions(made[level].rotating)).length, 2);
    assert.equal((await versions(made[level].suspended)).length, 2);
  }
});
