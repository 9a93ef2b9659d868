// Two regions side by side: a cluster each, with databases, tokens and keys of their own, and the same account in both.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { admin, clusterPort, popCore, startService, temporaryFolder } from './support/service.mjs';

const ids = ['east-1', 'west-1'];
const place = temporaryFolder();
// PostgreSQL's owner, who is another where tests run as root, has to reach its folder.
chmodSync(place.folder, 0o711);
const clusters = [];
const regions = [];

const settings = id => ({ Kms__RegionId: id, ...Object.fromEntries(ids.map((listed, i) => [`Kms__Regions__${i}__Id`, listed])) });

/** The credentials of an account in a region, made beside its silo. */
async function addAccount(cluster, id, account) {
  const password = readFileSync(join(cluster.data, 'secrets/kms'), 'utf8').trim();
  const env = { ...settings(id), Kms__Database: `Host=127.0.0.1;Port=${cluster.port + 100};Database=kms;Username=kms;Password=${password}` };
  const { code, stdout, stderr } = await admin(['add-account', '--account', account, '--endpoint', cluster.url, '--data', join(cluster.data, 'silo-1')], { env });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** How the account calls a region, and a CMK with alias and ciphertext in it. */
async function use(service, id, credentials) {
  const client = popCore(service, credentials);
  const call = (action, parameters = {}) => client.request(action, parameters, { method: 'POST', timeout: 60_000 });
  const { KeyMetadata: { KeyId, Arn } } = await call('CreateKey', { ProtectionLevel: 'HSM' });
  await call('CreateAlias', { KeyId, AliasName: `alias/of-${id}` });
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: `secret of ${id}` });
  return { id, call, credentials, KeyId, Arn, AliasArn: Arn.replace(`key/${KeyId}`, `alias/of-${id}`), CiphertextBlob };
}

before(async () => {
  const ports = [await clusterPort(), await clusterPort()];
  const started = await Promise.allSettled(ids.map((id, i) => startService({ data: join(place.folder, id), port: ports[i], args: ['--cluster', '1x1'], env: settings(id) })));
  clusters.push(...started.filter(({ status }) => status === 'fulfilled').map(({ value }) => value));
  for (const { status, reason } of started) if (status === 'rejected') throw reason;
  const first = clusters[0].credentials();
  regions.push(await use(clusters[0], ids[0], first), await use(clusters[1], ids[1], await addAccount(clusters[1], ids[1], first.AccountId)));
}, { timeout: 400_000 });
after(async () => {
  await Promise.all(clusters.map(cluster => cluster.stop()));
  place.remove();
});

/** Does something from each region's side, with the other one at hand. */
const bothWays = async check => {
  for (const [here, there] of [regions, regions.toReversed()]) await check(here, there);
};

/** The error that a call ends with, in parts. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return { code: error.code, message: error.data.Message };
  }
  throw new Error('It was not refused.');
}

test('one account is in both regions, with access keys of its own in each', () => bothWays(async (here, there) => {
  assert.equal(here.credentials.AccountId, there.credentials.AccountId);
  assert.equal(here.credentials.RegionId, here.id);
  assert.equal(here.Arn, `acs:kms:${here.id}:${here.credentials.AccountId}:key/${here.KeyId}`);
  const foreign = popCore({ url: clusters[regions.indexOf(here)].url }, there.credentials);
  assert.equal((await refusal(foreign.request('ListKeys', {}))).code, 'InvalidAccessKeyId.NotFound');
}));

test('each region lists both', () => bothWays(async here => {
  assert.deepEqual((await here.call('DescribeRegions')).Regions, { Region: ids.map(RegionId => ({ RegionId })) });
}));

test('keys and aliases of one region are not in the other', () => bothWays(async (here, there) => {
  assert.deepEqual((await here.call('ListKeys')).Keys.Key, [{ KeyId: here.KeyId, KeyArn: here.Arn }]);
  assert.deepEqual((await here.call('ListAliases')).Aliases.Alias.map(alias => alias.AliasName), [`alias/of-${here.id}`]);
  assert.equal((await refusal(here.call('DescribeKey', { KeyId: there.KeyId }))).code, 'Forbidden.KeyNotFound');
  assert.equal((await refusal(here.call('DescribeKey', { KeyId: `alias/of-${there.id}` }))).code, 'Forbidden.AliasNotFound');
}));

test('a key or an alias of the other region by its ARN is not found, and the message names its region', () => bothWays(async (here, there) => {
  for (const KeyId of [there.Arn, there.AliasArn]) {
    for (const [action, parameters] of [['DescribeKey', {}], ['Encrypt', { Plaintext: 'x' }], ['GenerateDataKey', {}]]) {
      const { code, message } = await refusal(here.call(action, { KeyId, ...parameters }));
      assert.equal(code, 'Forbidden.KeyNotFound');
      assert.match(message, new RegExp(`It is in region ${there.id}, and this is region ${here.id}: send the request to the endpoint of ${there.id}\\.`));
    }
  }
  assert.equal((await here.call('DescribeKey', { KeyId: here.AliasArn })).KeyMetadata.KeyId, here.KeyId);
}));

test('what names the other region as its own is refused, and the message names both', () => bothWays(async (here, there) => {
  const tag = RegionId => here.call('TagResources', { RegionId, ResourceType: 'key', 'ResourceId.1': here.KeyId, 'Tag.1.Key': 'of', 'Tag.1.Value': here.id });
  const { code, message } = await refusal(tag(there.id));
  assert.equal(code, 'InvalidParameter');
  assert.match(message, new RegExp(`This is region ${here.id}: send the request to the endpoint of ${there.id}\\.`));
  await tag(here.id);
  assert.deepEqual((await here.call('ListResourceTags', { KeyId: here.KeyId })).Tags.Tag.map(({ TagKey, TagValue }) => [TagKey, TagValue]), [['of', here.id]]);
}));

test('a ciphertext of the other region is refused as any that is not right', () => bothWays(async (here, there) => {
  const bytes = Buffer.from(here.CiphertextBlob, 'base64');
  bytes[bytes.length - 1] ^= 1;
  const altered = await refusal(here.call('Decrypt', { CiphertextBlob: bytes.toString('base64') }));
  assert.deepEqual(await refusal(here.call('Decrypt', { CiphertextBlob: there.CiphertextBlob })), altered);
  assert.equal((await here.call('Decrypt', { CiphertextBlob: here.CiphertextBlob })).Plaintext, `secret of ${here.id}`);
}));
