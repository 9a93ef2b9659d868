// kill -9 in the middle of changes: what was acknowledged is there, what is listed is true.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const rounds = 3;
const workers = 8;
const callsPerRound = 250;
let service;
after(async () => {
  await service?.stop();
  place.remove();
});

test('keys, aliases and tags are consistent after kill -9 under load', { timeout: 240_000 }, async () => {
  // What each worker knows of its own things: the last acknowledged value, and what a call in flight may have made of it.
  const keys = new Map();
  const aliases = new Map();
  for (let round = 0; round < rounds; round++) {
    service = await startService({ data: place.folder });
    const acknowledged = await load(service, keys, aliases, round);
    assert.ok(acknowledged >= callsPerRound, `${acknowledged} calls were acknowledged`);
    service = await startService({ data: place.folder });
    await check(service, keys, aliases);
    await service.stop();
  }
});

/** Changes things until the process is killed under it; gives how many calls were acknowledged. */
async function load(service, keys, aliases, round) {
  const kms = popCore(service);
  let acknowledged = 0;
  let killed;
  const change = async (thing, value, action, parameters) => {
    thing.maybe = value;
    await kms.request(action, parameters, { method: 'POST', timeout: 20_000 });
    thing.value = value;
    delete thing.maybe;
    if (++acknowledged === callsPerRound) killed = service.kill();
  };
  await Promise.all(Array.from({ length: workers }, async (_, worker) => {
    try {
      for (let i = 0; ; i++) {
        const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', { EnableAutomaticRotation: true, RotationInterval: '7d' }, { method: 'POST', timeout: 20_000 });
        const key = { value: 'Enabled' };
        const tag = { value: '' };
        keys.set(KeyId, { key, tag });
        const name = `alias/r${round}-w${worker}-${i}`;
        const alias = { value: undefined };
        aliases.set(name, alias);
        await change(alias, KeyId, 'CreateAlias', { KeyId, AliasName: name });
        await change(tag, 'a', 'TagResource', { KeyId, Tags: '[{"TagKey":"t","TagValue":"a"}]' });
        const earlier = [...keys].find(([, other]) => other.key.value === 'Enabled' && !other.key.maybe)?.[0] ?? KeyId;
        // A neighbour may have scheduled that key meanwhile: then the alias is refused, rightly, and stays.
        await change(alias, earlier, 'UpdateAlias', { KeyId: earlier, AliasName: name }).catch(error => {
          if (error.code !== 'Rejected.PendingDeletion') throw error;
          delete alias.maybe;
        });
        await change(key, 'Disabled', 'DisableKey', { KeyId });
        if (i % 2) await change(alias, undefined, 'DeleteAlias', { AliasName: name });
        if (i % 3) await change(key, 'PendingDeletion', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
        if (i % 3 === 2) await change(key, 'Enabled', 'CancelKeyDeletion', { KeyId });
      }
    } catch (error) {
      // Anything but a lost connection is a finding.
      assert.ok(killed || ['ECONNREFUSED', 'ECONNRESET', 'ERR_SOCKET_CLOSED'].includes(error.code) || /socket hang up|ECONN/.test(error.message), error.message);
    }
  }));
  await killed;
  return acknowledged;
}

const possible = thing => ('maybe' in thing ? [thing.value, thing.maybe] : [thing.value]);

async function check(service, keys, aliases) {
  const kms = popCore(service);
  const pages = async (action, pick, more = {}) => {
    const [all, totals] = [[], new Set()];
    for (let PageNumber = 1; ; PageNumber++) {
      const answer = await kms.request(action, { ...more, PageNumber, PageSize: 100 }, { timeout: 20_000 });
      totals.add(answer.TotalCount);
      all.push(...pick(answer));
      if (pick(answer).length < 100) break;
    }
    assert.equal(new Set(all.map(row => JSON.stringify(row))).size, all.length, `${action} lists something twice`);
    assert.deepEqual([...totals], [all.length], `${action} counts what it lists`);
    return all;
  };

  const listed = await pages('ListKeys', answer => answer.Keys.Key.map(key => key.KeyId));
  for (const KeyId of keys.keys()) assert.ok(listed.includes(KeyId), 'an acknowledged key is not listed');
  for (const KeyId of listed) {
    const { KeyMetadata } = await kms.request('DescribeKey', { KeyId });
    const known = keys.get(KeyId);
    if (known) assert.ok(possible(known.key).includes(KeyMetadata.KeyState), `${KeyMetadata.KeyState} is none of ${possible(known.key)}`);
    const tags = (await kms.request('ListResourceTags', { KeyId })).Tags.Tag.map(tag => tag.TagValue).join();
    if (known) assert.ok(possible(known.tag).includes(tags));
    const indexed = (await kms.request('ListTagResources', { RegionId: 'x', ResourceType: 'key', 'ResourceId.1': KeyId })).TagResources.TagResource.map(tag => tag.TagValue).join();
    assert.equal(indexed, tags);
    if (known) keys.set(KeyId, { key: { value: KeyMetadata.KeyState }, tag: { value: tags } });
  }

  const shown = new Map((await pages('ListAliases', answer => answer.Aliases.Alias)).map(alias => [alias.AliasName, alias.KeyId]));
  for (const [AliasName, alias] of aliases) {
    const target = await kms.request('DescribeKey', { KeyId: AliasName }).then(answer => answer.KeyMetadata.KeyId, error => {
      assert.equal(error.code, 'Forbidden.AliasNotFound');
    });
    assert.ok(possible(alias).includes(target), `${AliasName}: ${target} is none of ${possible(alias)}`);
    // One that is there although its creation was not acknowledged may be shown later.
    if (shown.has(AliasName) || !('maybe' in alias)) assert.equal(shown.get(AliasName), target, AliasName);
    aliases.set(AliasName, { value: target });
  }
  for (const name of shown.keys()) assert.notEqual(await codeOf(kms.request('DescribeKey', { KeyId: name })), 'Forbidden.AliasNotFound');
}
