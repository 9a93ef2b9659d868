// The access keys of an account's root: made anew when they are lost, replaced by the root itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pop } from './support/ram.mjs';
import { codeOf, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
after(place.remove);

/** A new data folder; starts a service on it. */
function folder(name) {
  const [data, env] = [join(place.folder, name), { Kms__RootKeyFile: join(place.folder, `${name}.keys`) }];
  return (...args) => startService({ data, args, env });
}
const fileOf = (service, account) => join(service.data, 'accounts', `${account}.json`);
const listed = async (service, credentials) => (await pop('ram', service, credentials)('ListAccessKeys')).AccessKeys.AccessKey.map(key => key.AccessKeyId);

for (const [how, args] of [['by its id', account => ['--account', account]], ['without arguments where it is the only one', () => []]]) {
  test(`a lost access key is made anew ${how}, beside two others, which can be deleted then`, async () => {
    const start = folder(how.replaceAll(' ', '-'));
    const first = await start();
    const lost = first.credentials();
    const { AccessKeyId } = (await pop('ram', first)('CreateAccessKey')).AccessKey;
    await first.stop();
    rmSync(fileOf(first, lost.AccountId));

    const second = await start(...args(lost.AccountId));
    const made = second.credentials();
    assert.equal(made.AccountId, lost.AccountId);
    assert.deepEqual(JSON.parse(readFileSync(fileOf(second, lost.AccountId))), made);
    assert.deepEqual((await listed(second)).sort(), [lost.AccessKeyId, AccessKeyId, made.AccessKeyId].sort());
    for (const UserAccessKeyId of [lost.AccessKeyId, AccessKeyId]) await pop('ram', second)('DeleteAccessKey', { UserAccessKeyId });
    assert.deepEqual(await listed(second), [made.AccessKeyId]);
    assert.equal(await codeOf(pop('sts', second, lost)('GetCallerIdentity')), 'InvalidAccessKeyId.NotFound');
    assert.equal(await second.stop(), 0);
  });
}

test('the accounts that a start does not name are looked after as well', async () => {
  const data = join(place.folder, 'version-3');
  mkdirSync(data);
  execFileSync('tar', ['-xzf', join(import.meta.dirname, 'folders/version-3.tar.gz'), '-C', data]);
  const service = await startService({ data, args: ['--account', '1000000000000001'] });
  const other = service.credentials('2000000000000002');
  assert.deepEqual(await listed(service, other), [other.AccessKeyId]);
  assert.equal(await service.stop(), 0);
});

test('an access key that its root replaced does not keep the service from starting', async () => {
  const start = folder('replaced');
  const first = await start();
  const old = first.credentials();
  const another = (await pop('ram', first)('CreateAccessKey')).AccessKey;
  await pop('ram', first, another)('DeleteAccessKey', { UserAccessKeyId: old.AccessKeyId });
  await first.stop();

  const second = await start();
  await second.told(new RegExp(`warn: .*accounts/${old.AccountId}\\.json names an access key that was deleted`));
  assert.deepEqual(await listed(second, another), [another.AccessKeyId]);
  // Nor does a root that keeps none and leaves the account to a user.
  const root = pop('ram', second, another);
  await root('CreateUser', { UserName: 'admin' });
  await root('AttachPolicyToUser', { PolicyType: 'System', PolicyName: 'AdministratorAccess', UserName: 'admin' });
  const admin = (await root('CreateAccessKey', { UserName: 'admin' })).AccessKey;
  await root('DeleteAccessKey', { UserAccessKeyId: another.AccessKeyId });
  await second.stop();

  const third = await start();
  assert.equal((await pop('sts', third, admin)('GetCallerIdentity')).Arn, `acs:ram::${old.AccountId}:user/admin`);
  assert.equal(await third.stop(), 0);
});
