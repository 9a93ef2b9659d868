// Regions, and those that do not make keys at protection level HSM.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { codeOf, freePort, popCore, run, startService, temporaryFolder } from './support/service.mjs';

let place, data;
before(() => {
  place = temporaryFolder();
  data = join(place.folder, 'data');
});
after(() => place.remove());

const both = hsm => ({ Kms__Regions__0__Id: 'cn-hangzhou', Kms__Regions__1__Id: 'local-1', Kms__Regions__1__Hsm: String(hsm) });

test('a region that no longer offers HSM makes no such keys and goes on with those that it has', async () => {
  const first = await startService({ data, env: both(true) });
  const { KeyMetadata: { KeyId } } = await popCore(first).request('CreateKey', { ProtectionLevel: 'HSM' });
  const { CiphertextBlob } = await popCore(first).request('Encrypt', { KeyId, Plaintext: 'x' });
  assert.equal(await first.stop(), 0);

  const second = await startService({ data, env: both(false) });
  const kms = popCore(second);
  assert.deepEqual((await kms.request('DescribeRegions', {})).Regions, { Region: [{ RegionId: 'cn-hangzhou' }, { RegionId: 'local-1' }] });
  assert.equal(await codeOf(kms.request('CreateKey', { ProtectionLevel: 'HSM' })), 'Unsupported.ProtectionLevel');
  assert.deepEqual((await kms.request('DescribeService', {})).ProtectionLevels, { ProtectionLevel: [{ Type: 'SOFTWARE' }] });
  assert.equal((await kms.request('CreateKey', {})).KeyMetadata.ProtectionLevel, 'SOFTWARE');
  assert.equal((await kms.request('Decrypt', { CiphertextBlob })).Plaintext, 'x');
  assert.equal((await kms.request('Encrypt', { KeyId, Plaintext: 'y' })).KeyId, KeyId);
  assert.equal(await second.stop(), 0);
});

test('a list of regions that makes no sense is told in one line', async () => {
  for (const [env, pattern] of [
    [{ Kms__Regions__0__Id: 'cn-hangzhou' }, /Kms:Regions has to list this region, 'local-1' \(Kms:RegionId\), too/],
    [{ Kms__Regions__0__Id: 'local-1', Kms__Regions__1__Id: 'local-1' }, /Kms:Regions lists 'local-1' more than once/],
    [{ Kms__Regions__0__Id: 'local-1', Kms__Regions__1__Id: 'Local 2' }, /Kms:Regions: Id is of a-z and 0-9/],
    [{ Kms__Regions__0__Id: 'local-1', Kms__Regions__0__Hsm: 'no' }, /cannot be read/],
  ]) {
    const { code, stdout, stderr } = await run(['--data', join(place.folder, 'refused'), '--port', String(await freePort())], { env: { ...process.env, ...env } });
    assert.deepEqual([code, stdout, stderr.trim().split('\n').length], [1, '', 1], stderr);
    assert.match(stderr, pattern);
  }
});
