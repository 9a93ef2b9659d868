// Who may do what, as programs meet it: the three example policies of the user guide, with a RAM user's access key and with an assumed role, by pop-core.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { allow, deny, newName, policy, pop, ramOf, trust } from './support/ram.mjs';
import { rpc, send } from './support/rpc.mjs';
import { admin, codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const account = '1000000000000001';
const container = `acs:kms:local-1:${account}`;
const arnOf = KeyId => `${container}:key/${KeyId}`;
let service, ram, root;
before(async () => {
  // Few failures, so that a minute does not give one back while a test looks.
  const env = { Kms__RootKeyFile: join(place.folder, 'root.keys'), Kms__Authentication__FailuresPerSource: '3' };
  service = await startService({ data: join(place.folder, 'data'), args: ['--account', account], env });
  ram = ramOf(service);
  root = kmsOf(service.credentials());
});
after(async () => {
  await service?.stop();
  place.remove();
});

const kmsOf = credentials => {
  const client = popCore(service, credentials);
  return (action, parameters = {}) => client.request(action, parameters, { method: 'POST', timeout: 60_000 });
};
const newKey = async (...tags) => {
  const { KeyId } = (await root('CreateKey')).KeyMetadata;
  for (const [TagKey, TagValue] of tags) await root('TagResource', { KeyId, Tags: JSON.stringify([{ TagKey, TagValue }]) });
  return KeyId;
};

// Who has a policy: a user, and a session of a role that another user assumes. `change` gives the policy another document.
const holders = {
  'a RAM user': async (...statements) => {
    const someone = await ram.caller();
    const attached = await ram.attach('User', { UserName: someone.UserName }, policy(...statements));
    return { ...attached, call: kmsOf(someone), credentials: someone };
  },
  'an assumed role': async (...statements) => {
    const role = await ram.role(trust(`acs:ram::${account}:root`));
    const attached = await ram.attach('Role', role, policy(...statements));
    const someone = await ram.caller(allow('sts:AssumeRole'));
    const { Credentials } = await pop('sts', service, someone)('AssumeRole', { RoleArn: `acs:ram::${account}:role/${role.RoleName}`, RoleSessionName: 'program' });
    return { ...attached, call: kmsOf(Credentials), credentials: Credentials };
  },
};
const refused = 'Forbidden.NoPermission';

for (const [who, holding] of Object.entries(holders)) {
  describe(who, () => {
    test('with kms:* on all KMS resources may do everything in KMS, and nothing in RAM', async () => {
      const { call, credentials } = await holding(allow(['kms:*'], [`acs:kms:*:${account}:*`]));
      const { KeyId } = (await call('CreateKey')).KeyMetadata;
      const AliasName = `alias/${newName()}`;
      await call('CreateAlias', { KeyId, AliasName });
      const { CiphertextBlob } = await call('Encrypt', { KeyId: AliasName, Plaintext: 'hello' });
      assert.equal((await call('Decrypt', { CiphertextBlob })).Plaintext, 'hello');
      const other = await newKey();
      await call('ReEncrypt', { CiphertextBlob, DestinationKeyId: other });
      await call('UpdateAlias', { KeyId: other, AliasName });
      await call('DeleteAlias', { AliasName });
      await call('ListKeys');
      await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
      assert.equal(await codeOf(pop('ram', service, credentials)('ListUsers')), 'NoPermission');
    });

    test('who may view and use keys may not manage them', async () => {
      const { call } = await holding(allow(
        ['kms:ListKeys', 'kms:ListAliases', 'kms:DescribeKey', 'kms:ListAliasesByKeyId', 'kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
        [`acs:kms:*:${account}:key`, `acs:kms:*:${account}:alias`, `acs:kms:*:${account}:key/*`],
      ));
      const KeyId = await newKey();
      const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: 'hello' });
      assert.equal((await call('Decrypt', { CiphertextBlob })).Plaintext, 'hello');
      await call('GenerateDataKey', { KeyId });
      await call('ListKeys');
      await call('ListAliases');
      assert.equal((await call('DescribeKey', { KeyId })).KeyMetadata.KeyId, KeyId);
      for (const [action, parameters] of [
        ['CreateKey', {}], ['DisableKey', { KeyId }], ['ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }], ['CreateAlias', { KeyId, AliasName: `alias/${newName()}` }],
        ['TagResource', { KeyId, Tags: '[{"TagKey":"a","TagValue":"b"}]' }], ['ReEncrypt', { CiphertextBlob, DestinationKeyId: KeyId }], ['UpdateKeyDescription', { KeyId, Description: 'd' }],
      ]) assert.equal(await codeOf(call(action, parameters)), refused, action);
    });

    test('who may use keys of a project, whatever the letter case of its tag, follows the tag at once', async () => {
      const { call } = await holding(allow(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], '*', { StringEqualsIgnoreCase: { 'kms:tag/Project': ['Apollo'] } }));
      const use = KeyId => codeOf(call('Encrypt', { KeyId, Plaintext: 'hello' }));
      assert.equal(await use(await newKey()), refused);
      assert.equal(await use(await newKey(['Project', 'Gemini'])), refused);
      assert.equal(await use(await newKey(['project', 'Apollo'])), refused);
      assert.equal(await use(await newKey(['Team', 'x'], ['Project', 'APOLLO'])), 'success');

      const KeyId = await newKey(['Project', 'apollo']);
      const { CiphertextBlob } = await call('GenerateDataKey', { KeyId });
      for (let i = 0; i < 20; i++) {
        await root('TagResource', { KeyId, Tags: '[{"TagKey":"Project","TagValue":"Gemini"}]' });
        assert.equal(await codeOf(call('Decrypt', { CiphertextBlob })), refused);
        await root('TagResource', { KeyId, Tags: '[{"TagKey":"Project","TagValue":"Apollo"}]' });
        assert.equal(await codeOf(call('Decrypt', { CiphertextBlob })), 'success');
      }
      await root('UntagResource', { KeyId, TagKeys: '["Project"]' });
      assert.equal(await codeOf(call('Decrypt', { CiphertextBlob })), refused);
    });

    test('a policy that is detached or changed counts no more when that was answered', async () => {
      const KeyId = await newKey();
      const { call, ...attached } = await holding(allow('kms:Encrypt'));
      const detached = 'UserName' in attached ? 'DetachPolicyFromUser' : 'DetachPolicyFromRole';
      const use = () => codeOf(call('Encrypt', { KeyId, Plaintext: 'hello' }));
      assert.equal(await use(), 'success');
      await ram.call('CreatePolicyVersion', { PolicyName: attached.PolicyName, PolicyDocument: policy(allow('*'), deny('kms:Encrypt')), SetAsDefault: true });
      assert.equal(await use(), refused);
      await ram.call('SetDefaultPolicyVersion', { PolicyName: attached.PolicyName, VersionId: 'v1' });
      assert.equal(await use(), 'success');
      await ram.call(detached, { PolicyType: 'Custom', PolicyName: attached.PolicyName, UserName: attached.UserName, RoleName: attached.RoleName });
      assert.equal(await use(), refused);
    });

    test('a refusal tells action and resource, and nothing of what decided', async () => {
      const KeyId = await newKey();
      for (const statements of [[allow('kms:Decrypt')], [allow('*'), deny('kms:Encrypt')]]) {
        const { call } = await holding(...statements);
        await assert.rejects(call('Encrypt', { KeyId, Plaintext: 'x' }), ({ code, data }) => {
          assert.equal(code, refused);
          assert.equal(data.Message, `This operation for ${arnOf(KeyId)} is forbidden by permission system. Action: kms:Encrypt`);
          return true;
        });
        assert.equal(await codeOf(call('Encrypt', { KeyId, Plaintext: 'x', DryRun: 'true' })), 'AccessDeniedError');
      }
      const { credentials } = await holding(allow('kms:*'));
      const answer = await send(service, rpc(credentials, 'GetUser', { Version: '2015-05-01', UserName: 'bob', SecurityToken: credentials.SecurityToken }));
      assert.equal(answer.status, 403);
      assert.equal(JSON.parse(answer.text).Code, 'NoPermission');
      assert.equal(JSON.parse(answer.text).Message, `You are not authorized to do this action. Resource: acs:ram:*:${account}:user/bob Action: ram:GetUser`);
    });
  });
}

test('conditions on address, transport, context and time count', async () => {
  const KeyId = await newKey();
  const use = async (Condition, parameters = {}) => codeOf(kmsOf(await ram.caller(allow('kms:Encrypt', '*', Condition)))('Encrypt', { KeyId, Plaintext: 'x', ...parameters }));
  assert.equal(await use({ IpAddress: { 'acs:SourceIp': '127.0.0.0/8' } }), 'success');
  assert.equal(await use({ NotIpAddress: { 'acs:SourceIp': ['192.0.2.0/24', '127.0.0.1'] } }), refused);
  assert.equal(await use({ Bool: { 'acs:SecureTransport': 'true' } }), refused);
  assert.equal(await use({ Bool: { 'acs:SecureTransport': 'true' } }, { SecureTransport: 'true', SourceIp: '192.0.2.1' }), refused);
  assert.equal(await use({ DateLessThan: { 'acs:CurrentTime': '2099-01-01T00:00:00+08:00' } }), 'success');
  assert.equal(await use({ DateGreaterThan: { 'acs:CurrentTime': '2099-01-01T00:00:00Z' } }), refused);
  assert.equal(await use({ StringEquals: { 'kms:EncryptionContext:purpose': 'test' } }), refused);
  assert.equal(await use({ StringEquals: { 'kms:EncryptionContext:purpose': 'test' } }, { EncryptionContext: '{"purpose":"test"}' }), 'success');
  assert.equal(await use({ StringEquals: { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' } }), 'success');
});

test('an access key is switched off and removed at once', async () => {
  const someone = await ram.caller(allow('kms:*'));
  const list = () => codeOf(kmsOf(someone)('ListKeys'));
  const named = { UserName: someone.UserName, UserAccessKeyId: someone.AccessKeyId };
  for (let i = 0; i < 10; i++) {
    assert.equal(await list(), 'success');
    await ram.call('UpdateAccessKey', { ...named, Status: 'Inactive' });
    assert.equal(await list(), 'InvalidAccessKeyId.Inactive');
    await ram.call('UpdateAccessKey', { ...named, Status: 'Active' });
  }
  await ram.call('DeleteAccessKey', named);
  assert.equal(await list(), 'InvalidAccessKeyId.NotFound');
});

test('kms-admin explain tells which statement decides', async () => {
  const KeyId = await newKey(['Project', 'Apollo']);
  const someone = await ram.caller(allow('kms:Decrypt'), allow('kms:Encrypt', '*', { StringEquals: { 'kms:tag/Project': 'Apollo' } }));
  const { GroupName } = await ram.group();
  await ram.call('AddUserToGroup', { UserName: someone.UserName, GroupName });
  const { PolicyName } = await ram.attach('Group', { GroupName }, policy(deny('kms:Encrypt', '*', { NotIpAddress: { 'acs:SourceIp': '10.0.0.0/8' } })));
  const explain = async (...args) => {
    const { code, stdout, stderr } = await admin(['explain', '--data', service.data, '--action', 'kms:Encrypt', ...args]);
    return code === 0 ? stdout.trim().split('\n').at(-1) : `${code} ${stderr.trim()}`;
  };
  const asked = ['--access-key', someone.AccessKeyId, '--resource', arnOf(KeyId)];
  assert.match(await explain(...asked, '--source-ip', '10.1.2.3'), /^Allow: by statement 2 of policy-\d+ \(custom policy, v1\)\.$/);
  assert.equal(await explain(...asked, '--source-ip', '192.0.2.1'), `Deny: by statement 1 of ${PolicyName} (custom policy, v1, of group ${GroupName}).`);
  assert.equal(await explain(...asked, '--source-ip', '10.1.2.3', '--tag', 'Project=Gemini'), 'Deny: no statement allows it.');
  assert.equal(await explain('--user', someone.UserName, '--account', account, '--resource', '*', '--source-ip', '10.1.2.3'), 'Deny: no statement allows it.');
  assert.match(await explain('--access-key', service.credentials().AccessKeyId, '--resource', arnOf(KeyId)), /^Allow: the account root/);
  assert.match(await explain('--user', 'nobody-here', '--account', account, '--resource', '*'), /^1 kms-admin: The user nobody-here does not exist\.$/);
  // What the policies look at and the question does not say is told: without it the verdict is another one.
  const vague = (await admin(['explain', '--data', service.data, '--action', 'kms:Encrypt', ...asked])).stdout;
  assert.match(vague, /^not given    --source-ip: the policies look at it, and take it for absent$/m);
  assert.doesNotMatch((await admin(['explain', '--data', service.data, '--action', 'kms:Encrypt', ...asked, '--source-ip', '10.1.2.3'])).stdout, /not given/);
  // What no request asks is refused: a misspelt question would get an answer that misleads.
  const user = ['--user', someone.UserName, '--account', account];
  for (const [resource, refusal] of [
    [KeyId, 'is no resource; write it as'], [`key/${KeyId}`, 'is no resource; write it as'], [arnOf(KeyId).replace('local-1', 'cn-hangzhou'), 'is of the region cn-hangzhou'],
    [arnOf(KeyId).replace(account, '2000000000000002'), 'nobody of account'],
  ]) assert.match(await explain(...user, '--resource', resource), new RegExp(`^1 kms-admin: .*${refusal}`));
  for (const action of ['kms:Encrpyt', 'Encrypt', 'kms:*', 'kms:ReEncrypt', 'sts:GetCallerIdentity']) {
    assert.match((await admin(['explain', '--data', service.data, ...user, '--resource', '*', '--action', action])).stderr, /^kms-admin: there is no action /, action);
  }
  // Assuming a role takes its trust policy, too.
  const [mine, theirs] = [await ram.role(trust(`acs:ram::${account}:user/${someone.UserName}`)), await ram.role(trust(`acs:ram::${account}:user/somebody-else`))];
  const assume = async (who, { RoleName }) => (await admin(['explain', '--data', service.data, ...who, '--action', 'sts:AssumeRole', '--resource', `acs:ram:*:${account}:role/${RoleName}`])).stdout.trim().split('\n').at(-1);
  assert.equal(await assume(user, mine), 'Deny: no statement allows it.');
  assert.match((await admin(['explain', '--data', service.data, ...user, '--resource', '*', '--action', 'sts:AssumeRole'])).stderr, /is no resource/);
  await ram.call('AttachPolicyToUser', { PolicyType: 'System', PolicyName: 'AliyunSTSAssumeRoleAccess', UserName: someone.UserName });
  assert.equal(await assume(user, mine), 'Allow: by statement 1 of AliyunSTSAssumeRoleAccess (system policy, v1).');
  assert.equal(await assume(user, theirs), "Deny: the role's trust policy does not allow it.");
  assert.equal(await assume(['--access-key', service.credentials().AccessKeyId], mine), 'Deny: roles may not be assumed by root accounts.');
  assert.match(await explain('--resource', '*'), /^2 kms-admin: say one of --access-key, --user and --role\./);
});

test('failed signatures are limited, and their owner is not locked out', async () => {
  const [someone, other] = [await ram.caller(allow('kms:*')), await ram.caller(allow('kms:*'))];
  const call = async (credentials, change = {}) => JSON.parse((await send(service, rpc({ ...credentials, ...change }, 'ListKeys'))).text).Code ?? 'success';
  assert.equal(await call(someone), 'success');
  const codes = [];
  while (codes.at(-1) !== 'Throttling.User' && codes.length < 100) codes.push(await call({ AccessKeyId: `LTAI${codes.length}doesnotexist`, AccessKeySecret: 'x' }));
  assert.deepEqual([...new Set(codes)], ['InvalidAccessKeyId.NotFound', 'Throttling.User']);
  assert.equal(await call(someone), 'success');
  assert.equal(await call(other), 'Throttling.User');
  await service.told(/Requests from 127\.0\.0\.1 are refused for a while/);
});

test('what was given and taken survives kill -9', async () => {
  const KeyId = await newKey();
  const someone = await ram.caller(allow('kms:*'));
  const [gone] = [await ram.caller(allow('kms:*'))];
  await ram.call('DetachPolicyFromUser', { PolicyType: 'Custom', PolicyName: (await ram.call('ListPoliciesForUser', { UserName: gone.UserName })).Policies.Policy[0].PolicyName, UserName: gone.UserName });
  await service.kill();
  service = await startService({ data: join(place.folder, 'data'), env: { Kms__RootKeyFile: join(place.folder, 'root.keys') } });
  assert.equal(await codeOf(kmsOf(someone)('DescribeKey', { KeyId })), 'success');
  assert.equal(await codeOf(kmsOf(gone)('DescribeKey', { KeyId })), refused);
});
