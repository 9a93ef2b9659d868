// The process is killed before each write and sync of its databases while calls change things: each change has one event, and what was not done has none.
// Every sixty-first step, or every one with KILL_STEP=1.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { admin, popCore, startService, temporaryFolder } from './support/service.mjs';
import { events } from './support/trail.mjs';

const place = temporaryFolder();
const shim = join(place.folder, 'kill-shim.so');
const arm = join(place.folder, 'arm');
const data = join(place.folder, 'data');
const stride = Number(process.env.KILL_STEP ?? 61);
let service;
after(async () => {
  await service?.stop();
  place.remove();
});

execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, resolve(import.meta.dirname, '../Shim/kill-shim.c'), '-ldl']);
const start = () => startService({ data, env: { LD_PRELOAD: shim, KILL_SHIM: arm, Kms__Trail__LookupsPerSecond: '1000' } });
const isLost = error => ['ECONNREFUSED', 'ECONNRESET', 'ERR_SOCKET_CLOSED'].includes(error.code) || /socket hang up|ECONN/.test(error.message);

/** The calls of one round, each with what shows that it was done. `it` is what they share. */
function calls(kms, ram, it, round) {
  const state = async () => (await kms.request('DescribeKey', { KeyId: it.key })).KeyMetadata;
  const userIsThere = async () => (await ram.request('ListUsers', { MaxItems: 1000 })).Users.User.some(user => user.UserName === it.user);
  const alias = async () => (await kms.request('ListAliases', { PageSize: 100 })).Aliases.Alias.find(row => row.AliasName === it.alias)?.KeyId;
  const accessKeys = async () => (await userIsThere() ? (await ram.request('ListAccessKeys', { UserName: it.user })).AccessKeys.AccessKey : []);
  it.alias = `alias/round-${round}`;
  it.user = `round-${round}`;
  return [
    ['CreateKey', () => kms.request('CreateKey', { Description: it.user }).then(answer => (it.key = answer.KeyMetadata.KeyId, answer)), async told => {
      // It is listed in a while; the event names it at once. What has no event is counted at the end.
      if (!told) return false;
      it.key = told.resourceName;
      return (await state()).Description === it.user;
    }],
    ['DisableKey', () => kms.request('DisableKey', { KeyId: it.key }), async () => (await state()).KeyState === 'Disabled'],
    ['EnableKey', () => kms.request('EnableKey', { KeyId: it.key }), async () => (await state()).KeyState === 'Enabled'],
    ['UpdateKeyDescription', () => kms.request('UpdateKeyDescription', { KeyId: it.key, Description: 'new' }), async () => (await state()).Description === 'new'],
    ['TagResource', () => kms.request('TagResource', { KeyId: it.key, Tags: '[{"TagKey":"a","TagValue":"b"}]' }), async () =>
      (await kms.request('ListResourceTags', { KeyId: it.key })).Tags.Tag.length === 1],
    ['CreateAlias', () => kms.request('CreateAlias', { KeyId: it.key, AliasName: it.alias }), async () => await alias() !== undefined],
    ['DeleteAlias', () => kms.request('DeleteAlias', { AliasName: it.alias }), async () => await alias() === undefined],
    ['ScheduleKeyDeletion', () => kms.request('ScheduleKeyDeletion', { KeyId: it.key, PendingWindowInDays: 7 }), async () => (await state()).KeyState === 'PendingDeletion'],
    ['CreateUser', () => ram.request('CreateUser', { UserName: it.user }), userIsThere],
    ['CreateAccessKey', () => ram.request('CreateAccessKey', { UserName: it.user }).then(answer => (it.accessKey = answer.AccessKey.AccessKeyId, answer)), async () => (await accessKeys()).length === 1],
    ['UpdateAccessKey', () => ram.request('UpdateAccessKey', { UserName: it.user, UserAccessKeyId: it.accessKey, Status: 'Inactive' }), async () => (await accessKeys())[0].Status === 'Inactive'],
    ['DeleteAccessKey', () => ram.request('DeleteAccessKey', { UserName: it.user, UserAccessKeyId: it.accessKey }), async () => (await accessKeys()).length === 0],
    ['DeleteUser', () => ram.request('DeleteUser', { UserName: it.user }), async () => !await userIsThere()],
  ];
}

test('each change has one event and nothing else has, wherever the process is killed', { timeout: 7_200_000 }, async () => {
  let killed = 0;
  let recovered = 0;
  // The last round is not cut off, and makes one, too.
  let made = 1;
  for (let step = 1; ; step += stride) {
    rmSync(arm, { force: true });
    service = await start();
    const [begun, it] = [Date.now() - 1000, {}];
    writeFileSync(arm, String(step));
    const { answered, cut } = await round(step, it);
    if (!cut) break;
    killed++;
    await service.ended;
    rmSync(arm);
    service = await start();
    const found = (await events(service, { since: begun, filters: { EventRW: 'Write' } })).filter(e => !e.errorCode);
    for (const { action, RequestId } of answered) assert.equal(found.filter(e => e.requestId === RequestId && e.eventName === action).length, 1, `step ${step}: ${action}, answered`);
    const others = found.filter(e => !answered.some(({ RequestId }) => RequestId === e.requestId));
    const done = await calls(popCore(service), popCore(service, undefined, '2015-05-01'), it, step).find(([action]) => action === cut)[2](others[0]);
    assert.deepEqual(others.map(e => e.eventName), done ? [cut] : [], `step ${step}: ${cut}, cut off and ${done ? '' : 'not '}done`);
    recovered += others.length;
    made += found.filter(e => e.eventName === 'CreateKey').length;
    await service.stop();
  }
  await service.stop();
  const { stdout } = await admin(['verify', '--deep', '--data', data]);
  assert.equal(Number(/Of (\d+) keys/.exec(stdout)[1]), made, `keys and their events: ${stdout}`);
  console.log(`killed ${killed} times; ${recovered} events of changes that were made and not answered`);
  assert.ok(killed > 5 && recovered > 0, `killed ${killed} times, ${recovered} recovered`);
});

/** Makes the calls, one after the other, until all are made or the process is gone. */
async function round(step, it) {
  const answered = [];
  for (const [action, call] of calls(popCore(service), popCore(service, undefined, '2015-05-01'), it, step)) {
    try {
      answered.push({ action, RequestId: (await call()).RequestId });
    } catch (error) {
      assert.ok(isLost(error), `step ${step}: ${action}: ${error.message}`);
      return { answered, cut: action };
    }
  }
  return { answered };
}
