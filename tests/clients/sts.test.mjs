// STS with real clients: who a caller is, sessions of roles, and what is refused of temporary credentials.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { shape } from './support/answers.mjs';
import { allow, deny, newName, policy, pop, ramOf, sdk, stsVersion, trust } from './support/ram.mjs';
import { acs3, codeIn, rpc, send } from './support/rpc.mjs';
import { codeOf, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const account = '1000000000000001';
const root = `acs:ram::${account}:root`;
let service, ram, host;
before(async () => {
  service = await startService({ data: join(place.folder, 'data'), args: ['--account', account], env: { Kms__RootKeyFile: join(place.folder, 'root.keys') } });
  ram = ramOf(service);
  host = `127.0.0.1:${service.port}`;
});
after(async () => {
  await service?.stop();
  place.remove();
});

const arnOf = RoleName => `acs:ram::${account}:role/${RoleName}`;
/** A role with these rights, and a user who may assume it. */
async function roleWith(...statements) {
  const role = await ram.role(trust(root));
  if (statements.length > 0) await ram.attach('Role', role, policy(...statements));
  const { RoleId } = (await ram.call('GetRole', role)).Role;
  return { ...role, RoleId, RoleArn: arnOf(role.RoleName), someone: await ram.caller(allow('sts:AssumeRole')) };
}
const assume = (caller, RoleArn, parameters = {}) => sdk('sts', service, caller)('AssumeRole', { RoleArn, RoleSessionName: 'nightly', ...parameters });
const session = async (...statements) => {
  const role = await roleWith(...statements);
  return { ...role, ...(await assume(role.someone, role.RoleArn)).Credentials };
};

test('whoever calls learns who it is', async () => {
  const text = { RequestId: 'string', AccountId: 'string', Arn: 'string', IdentityType: 'string', PrincipalId: 'string' };
  const identity = async (credentials, fields, expected) => {
    for (const answer of [await sdk('sts', service, credentials)('GetCallerIdentity'), await pop('sts', service, credentials)('GetCallerIdentity', {}, 'GET')]) {
      const { RequestId: _, ...got } = answer;
      assert.deepEqual(shape(answer), { ...text, ...fields });
      assert.deepEqual(got, expected);
    }
  };
  await identity(service.credentials(), { UserId: 'string' }, { IdentityType: 'Account', AccountId: account, PrincipalId: account, UserId: account, Arn: root });
  const someone = await ram.caller();
  const { UserId } = (await ram.call('GetUser', { UserName: someone.UserName })).User;
  await identity(someone, { UserId: 'string' }, { IdentityType: 'RAMUser', AccountId: account, PrincipalId: UserId, UserId, Arn: `acs:ram::${account}:user/${someone.UserName}` });
  const { RoleName, RoleId, ...credentials } = await session();
  await identity(credentials, { RoleId: 'string' }, {
    IdentityType: 'AssumedRoleUser', AccountId: account, PrincipalId: `${RoleId}:nightly`, RoleId, Arn: `acs:ram::${account}:assumed-role/${RoleName}/nightly`,
  });
});

test('AssumeRole answers with the documented fields and no others', async () => {
  const { RoleName, RoleId, RoleArn, someone } = await roleWith();
  const expected = {
    RequestId: 'string', Credentials: { AccessKeyId: 'string', AccessKeySecret: 'string', Expiration: 'string', SecurityToken: 'string' }, AssumedRoleUser: { Arn: 'string', AssumedRoleId: 'string' },
  };
  const parameters = { RoleArn, RoleSessionName: 'nightly', DurationSeconds: 900 };
  for (const call of [sdk('sts', service, someone), pop('sts', service, someone)]) {
    const before = Date.now();
    const { Credentials, AssumedRoleUser, ...rest } = await call('AssumeRole', parameters);
    assert.deepEqual(shape({ Credentials, AssumedRoleUser, ...rest }), expected);
    assert.match(Credentials.AccessKeyId, /^STS\.[A-Za-z0-9]{25}$/);
    assert.match(Credentials.AccessKeySecret, /^[A-Za-z0-9]{44}$/);
    assert.match(Credentials.Expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const lasts = Date.parse(Credentials.Expiration) - before;
    assert.ok(lasts > 898_000 && lasts < 960_000, `${lasts}`);
    assert.deepEqual(AssumedRoleUser, { Arn: `${arnOf(RoleName)}/nightly`, AssumedRoleId: `${RoleId}:nightly` });
  }
  const named = await sdk('sts', service, someone)('AssumeRole', { ...parameters, SourceIdentity: 'alice' });
  assert.deepEqual([shape(named), named.SourceIdentity], [{ ...expected, SourceIdentity: 'string' }, 'alice']);
  const xml = await send(service, rpc(someone, 'AssumeRole', { RoleArn, RoleSessionName: 'nightly', Version: stsVersion, Format: 'XML' }));
  assert.match(xml.text, /^<\?xml version='1\.0' encoding='UTF-8'\?><AssumeRoleResponse><Credentials><AccessKeyId>STS\./);
});

test('temporary credentials work with every client, and are worth what the role is', async () => {
  const temporary = await session(allow('kms:ListKeys'), allow('ram:ListUsers'));
  const kms = popCore(service, temporary);
  for (const method of ['GET', 'POST']) assert.ok((await kms.request('ListKeys', {}, { method })).TotalCount >= 0);
  assert.equal(await codeOf(kms.request('CreateKey', {})), 'Forbidden.NoPermission');
  assert.ok((await sdk('ram', service, temporary)('ListUsers')).Users.User.length > 0);
  assert.equal(await codeOf(sdk('ram', service, temporary)('ListGroups')), 'NoPermission');
  assert.ok(!service.log().includes(temporary.SecurityToken) && !service.log().includes(temporary.AccessKeySecret));
});

test('a session policy takes away and adds nothing', async () => {
  const { someone, RoleArn } = await roleWith(allow('kms:ListKeys'), allow('kms:ListAliases'));
  const { Credentials } = await assume(someone, RoleArn, { Policy: policy(allow('kms:ListKeys'), allow('kms:CreateKey')) });
  const kms = popCore(service, Credentials);
  const codes = [];
  for (const action of ['ListKeys', 'ListAliases', 'CreateKey']) codes.push(await codeOf(kms.request(action, {})));
  assert.deepEqual(codes, ['success', 'Forbidden.NoPermission', 'Forbidden.NoPermission']);
});

test('the longest session policy travels with every request', async () => {
  const { someone, RoleArn } = await roleWith(allow('kms:*'), allow('ram:*'));
  const fill = length => policy(allow(['kms:ListKeys', 'ram:ListUsers']), deny('kms:*', `acs:kms:*:*:key/${'密'.repeat(length)}`));
  const Policy = fill(2048 - fill(0).length);
  assert.equal(Policy.length, 2048);
  const { Credentials } = await assume(someone, RoleArn, { Policy });
  for (const method of ['GET', 'POST']) assert.equal(await codeOf(popCore(service, Credentials).request('ListKeys', {}, { method })), 'success');
  assert.equal(await codeOf(sdk('ram', service, Credentials)('ListUsers')), 'success');
  assert.equal(await codeOf(sdk('ram', service, Credentials)('ListGroups')), 'NoPermission');
  assert.equal(await codeOf(assume(someone, RoleArn, { Policy: Policy + ' ' })), 'InvalidParameter.PolicySize');
});

test('key id, secret and token belong together', async () => {
  const [mine, theirs, permanent] = [await session(allow('kms:*')), await session(allow('kms:*')), await ram.caller(allow('kms:*'))];
  const flipped = mine.SecurityToken.replace(/^(.{40})(.)/, (_, start, c) => start + (c === 'A' ? 'B' : 'A'));
  for (const [credentials, token, code] of [
    [mine, mine.SecurityToken, 'success'],
    [mine, undefined, 'MissingSecurityToken'],
    [mine, theirs.SecurityToken, 'InvalidSecurityToken.MismatchWithAccessKey'],
    [permanent, mine.SecurityToken, 'InvalidSecurityToken.MismatchWithAccessKey'],
    [mine, flipped, 'InvalidSecurityToken.Malformed'],
    [mine, 'x'.repeat(12_289), 'InvalidSecurityToken.Malformed'],
    [{ ...mine, AccessKeySecret: theirs.AccessKeySecret }, mine.SecurityToken, 'SignatureDoesNotMatch'],
  ]) {
    assert.equal(codeIn(await send(service, rpc(credentials, 'ListKeys', { SecurityToken: token }, { method: 'POST', form: true }))), code);
    const headers = token === undefined ? {} : { 'x-acs-security-token': token };
    assert.equal(codeIn(await send(service, acs3(credentials, host, 'ListKeys', {}, { headers }))), code);
  }
});

test('a session ends with its role', async () => {
  const { RoleName, ...temporary } = await session();
  const identity = () => pop('sts', service, temporary)('GetCallerIdentity');
  assert.equal(await codeOf(identity()), 'success');
  await ram.call('DeleteRole', { RoleName });
  await ram.call('CreateRole', { RoleName, AssumeRolePolicyDocument: trust(root) });
  assert.notEqual(await codeOf(identity()), 'success');
});

test('what cannot be assumed is told', async () => {
  const { RoleArn, RoleName, someone } = await roleWith();
  const trustsNobody = (await ram.role(trust(`acs:ram::${account}:user/somebody-else`))).RoleName;
  const long = policy(...Array.from({ length: 40 }, (_, i) => deny('kms:*', `acs:kms:*:*:key/${'x'.repeat(30)}${i}`)));
  for (const [caller, parameters, status, code] of [
    [service.credentials(), {}, 403, 'NoPermission'],
    [await ram.caller(), {}, 403, 'NoPermission'],
    [someone, { RoleArn: arnOf(trustsNobody) }, 403, 'NoPermission'],
    [someone, { RoleArn: arnOf('nobody') }, 404, 'EntityNotExist.Role'],
    [someone, { RoleArn: RoleName }, 400, 'InvalidParameter.RoleArn'],
    [someone, { RoleSessionName: 'a' }, 400, 'InvalidParameter.RoleSessionName'],
    [someone, { RoleSessionName: 'a b' }, 400, 'InvalidParameter.RoleSessionName'],
    [someone, { DurationSeconds: 899 }, 400, 'InvalidParameter.DurationSeconds'],
    [someone, { DurationSeconds: 3601 }, 400, 'InvalidParameter.DurationSeconds'],
    [someone, { Policy: '{' }, 400, 'InvalidParameter.PolicyGrammar'],
    [someone, { Policy: long }, 400, 'InvalidParameter.PolicySize'],
    [someone, { SourceIdentity: 'a' }, 400, 'InvalidParameter.SourceIdentity'],
    [someone, { RoleArn: undefined }, 400, 'MissingRoleArn'],
    [someone, { RoleSessionName: undefined }, 400, 'MissingRoleSessionName'],
  ]) {
    await assert.rejects(assume(caller, RoleArn, parameters), error => {
      assert.deepEqual([error.code, error.statusCode], [code, status], `${JSON.stringify(parameters)}: ${error.message}`);
      return true;
    });
  }
});

test('the credentials library assumes a role by itself, over TLS', async () => {
  const [cert, key] = [join(place.folder, 'tls.pem'), join(place.folder, 'tls.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const { RoleArn, someone } = await roleWith(allow('kms:ListKeys'));
  assert.equal(await service.stop(), 0);
  const secure = await startService({
    data: service.data, port: service.port, env: { Kms__RootKeyFile: join(place.folder, 'root.keys'), Kms__Gateway__CertificateFile: cert, Kms__Gateway__KeyFile: key },
  });
  service = { ...secure, url: `https://127.0.0.1:${secure.port}` };
  // The library speaks HTTPS only, and Node reads this variable when it starts.
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'support/assume-role.mjs')], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: cert, ENDPOINT: service.url, ROLE_ARN: RoleArn, ACCESS_KEY_ID: someone.AccessKeyId, ACCESS_KEY_SECRET: someone.AccessKeySecret },
  });
  const { accessKeyId, listed, refused } = JSON.parse(stdout);
  assert.match(accessKeyId, /^STS\./);
  assert.deepEqual([listed, refused], ['success', 'Forbidden.NoPermission']);
});
