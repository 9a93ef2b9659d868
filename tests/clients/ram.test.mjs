// RAM with real clients: every action's answer to the letter, the errors as SDKs see them, XML, paging, the life of an access key.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { jsonLeaves, shape, xmlAnswer } from './support/answers.mjs';
import { allow, deny, newName, policy, pop, ramOf, ramVersion, sdk, trust } from './support/ram.mjs';
import { rpc, send } from './support/rpc.mjs';
import { codeOf, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const account = '1000000000000001';
const root = `acs:ram::${account}:root`;
let service, ram, call;
before(async () => {
  service = await startService({ data: join(place.folder, 'data'), args: ['--account', account], env: { Kms__RootKeyFile: join(place.folder, 'root.keys') } });
  ram = ramOf(service);
  call = ram.call;
});
after(async () => {
  await service?.stop();
  place.remove();
});

// Texts are "", numbers 0, truth values true: what counts is their kind.
const texts = names => Object.fromEntries(names.split(' ').map(name => [name, '']));
const user = texts('UserId UserName DisplayName MobilePhone Email Comments CreateDate');
const changed = texts('UpdateDate');
const group = texts('GroupId GroupName Comments CreateDate');
const role = { ...texts('RoleId RoleName Arn Description AssumeRolePolicyDocument CreateDate'), MaxSessionDuration: 0 };
const named = texts('PolicyName PolicyType Description DefaultVersion');
const version = { ...texts('VersionId PolicyDocument CreateDate'), IsDefaultVersion: true };
const attached = { Policies: { Policy: [{ ...named, AttachDate: '' }] } };
const whole = { IsTruncated: false };
const { AssumeRolePolicyDocument: _, ...listedRole } = role;

const key = async () => {
  const { UserName, AccessKeyId } = await ram.caller();
  return { UserName, UserAccessKeyId: AccessKeyId };
};
const secondVersion = async () => {
  const made = await ram.policy();
  return { ...made, VersionId: (await call('CreatePolicyVersion', { ...made, PolicyDocument: policy(deny('kms:*')) })).PolicyVersion.VersionId };
};
const custom = made => ({ PolicyType: 'Custom', ...made });
const pair = async kind => custom({ ...(await ram.policy()), ...(await ram[kind]()) });

// What is sent, and all that comes back besides RequestId.
const actions = {
  CreateUser: [async () => ({ UserName: newName('user'), DisplayName: 'é 密', MobilePhone: '86-18600008888', Email: 'a@example.com', Comments: 'who' }), { User: user }],
  GetUser: [() => ram.user(), { User: { ...user, ...changed, LastLoginDate: '' } }],
  UpdateUser: [
    async () => ({ ...(await ram.user()), NewUserName: newName('user'), NewDisplayName: 'Alice', NewMobilePhone: '86-18600008888', NewEmail: 'a@example.com', NewComments: 'who' }),
    { User: { ...user, ...changed } },
  ],
  DeleteUser: [() => ram.user(), {}],
  ListUsers: [async () => void (await ram.user()) ?? { MaxItems: 1000 }, { Users: { User: [{ ...user, ...changed }] }, ...whole }],
  CreateAccessKey: [() => ram.user(), { AccessKey: texts('AccessKeyId AccessKeySecret Status CreateDate') }],
  UpdateAccessKey: [async () => ({ ...(await key()), Status: 'Inactive' }), {}],
  DeleteAccessKey: [key, {}],
  ListAccessKeys: [async () => ({ UserName: (await key()).UserName }), { AccessKeys: { AccessKey: [texts('AccessKeyId Status CreateDate')] } }],
  GetAccessKeyLastUsed: [key, { AccessKeyLastUsed: texts('LastUsedDate') }],

  CreatePolicy: [
    async () => ({ PolicyName: newName('policy'), PolicyDocument: policy(allow('kms:List*')), Description: 'why', Tag: '[{"Key":"k","Value":"v"}]' }), { Policy: { ...named, CreateDate: '' } },
  ],
  GetPolicy: [
    async () => custom(await ram.policy()),
    { Policy: { ...named, ...changed, CreateDate: '', PolicyDocument: '', AttachmentCount: 0 }, DefaultPolicyVersion: version },
  ],
  DeletePolicy: [() => ram.policy(), {}],
  ListPolicies: [
    async () => void (await ram.policy()) ?? custom({ MaxItems: 1000 }),
    { Policies: { Policy: [{ ...named, ...changed, CreateDate: '', AttachmentCount: 0, Tags: { Tag: [] } }] }, ...whole },
  ],
  UpdatePolicyDescription: [async () => ({ ...(await ram.policy()), NewDescription: 'why' }), { Policy: { ...named, ...changed, CreateDate: '' } }],
  CreatePolicyVersion: [async () => ({ ...(await ram.policy()), PolicyDocument: policy(deny('kms:*')), SetAsDefault: true, RotateStrategy: 'None' }), { PolicyVersion: version }],
  GetPolicyVersion: [async () => custom(await secondVersion()), { PolicyVersion: version }],
  ListPolicyVersions: [async () => custom({ PolicyName: (await secondVersion()).PolicyName }), { PolicyVersions: { PolicyVersion: [version] } }],
  SetDefaultPolicyVersion: [secondVersion, {}],
  DeletePolicyVersion: [secondVersion, {}],
  AttachPolicyToUser: [() => pair('user'), {}],
  AttachPolicyToGroup: [() => pair('group'), {}],
  AttachPolicyToRole: [() => pair('role'), {}],
  DetachPolicyFromUser: [async () => ram.attach('User', await ram.user()), {}],
  DetachPolicyFromGroup: [async () => ram.attach('Group', await ram.group()), {}],
  DetachPolicyFromRole: [async () => ram.attach('Role', await ram.role()), {}],
  ListPoliciesForUser: [async () => ({ UserName: (await ram.attach('User', await ram.user())).UserName }), attached],
  ListPoliciesForGroup: [async () => ({ GroupName: (await ram.attach('Group', await ram.group())).GroupName }), attached],
  ListPoliciesForRole: [async () => ({ RoleName: (await ram.attach('Role', await ram.role())).RoleName }), attached],
  ListEntitiesForPolicy: [
    async () => {
      const { PolicyType, PolicyName } = await ram.attach('User', await ram.user());
      await call('AttachPolicyToGroup', { PolicyType, PolicyName, ...(await ram.group()) });
      await call('AttachPolicyToRole', { PolicyType, PolicyName, ...(await ram.role()) });
      return { PolicyType, PolicyName };
    },
    {
      Users: { User: [texts('UserId UserName DisplayName AttachDate')] }, Groups: { Group: [texts('GroupName Comments AttachDate')] },
      Roles: { Role: [texts('RoleId RoleName Arn Description AttachDate')] },
    },
  ],

  CreateRole: [
    async () => ({ RoleName: newName('role'), AssumeRolePolicyDocument: trust(root), Description: 'why', MaxSessionDuration: 43200, Tag: '[{"Key":"k","Value":"v"}]' }), { Role: role },
  ],
  GetRole: [() => ram.role(), { Role: { ...role, ...changed } }],
  UpdateRole: [
    async () => ({ ...(await ram.role()), NewAssumeRolePolicyDocument: trust(`acs:ram::${account}:user/alice`), NewDescription: 'why', NewMaxSessionDuration: 7200 }),
    { Role: { ...role, ...changed } },
  ],
  DeleteRole: [() => ram.role(), {}],
  ListRoles: [async () => void (await ram.role()) ?? { MaxItems: 1000 }, { Roles: { Role: [{ ...listedRole, ...changed }] }, ...whole }],

  CreateGroup: [async () => ({ GroupName: newName('group'), Comments: 'who' }), { Group: group }],
  GetGroup: [() => ram.group(), { Group: { ...group, ...changed } }],
  UpdateGroup: [async () => ({ ...(await ram.group()), NewGroupName: newName('group'), NewComments: 'who' }), { Group: { ...group, ...changed } }],
  DeleteGroup: [() => ram.group(), {}],
  ListGroups: [async () => void (await ram.group()) ?? { MaxItems: 1000 }, { Groups: { Group: [{ ...group, ...changed }] }, ...whole }],
  AddUserToGroup: [async () => ({ ...(await ram.user()), ...(await ram.group()) }), {}],
  RemoveUserFromGroup: [() => ram.member(), {}],
  ListGroupsForUser: [async () => ({ UserName: (await ram.member()).UserName }), { Groups: { Group: [texts('GroupId GroupName Comments JoinDate')] } }],
  ListUsersForGroup: [async () => ({ GroupName: (await ram.member()).GroupName }), { Users: { User: [texts('UserName DisplayName JoinDate')] }, ...whole }],
};

for (const [action, [parameters, expected]] of Object.entries(actions)) {
  test(`${action} answers with the documented fields and no others`, async () => {
    const wanted = shape({ ...expected, RequestId: '' });
    for (const method of ['GET', 'POST']) {
      const answer = await call(action, await parameters(), method);
      assert.deepEqual(shape(answer), wanted);
      for (const leaf of jsonLeaves(answer).filter(leaf => /Date=/.test(leaf))) assert.match(leaf, /=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
    // What the vendor's client knows of the answer is all that it is documented to have.
    assert.deepEqual(shape(await sdk('ram', service)(action, await parameters())), wanted);
    const answer = await send(service, rpc(service.credentials(), action, { ...(await parameters()), Version: ramVersion, Format: 'XML' }, { method: 'POST', form: true }));
    assert.deepEqual([answer.status, answer.headers.get('content-type'), xmlAnswer(answer.text).root], [200, 'text/xml;charset=utf-8', `${action}Response`], answer.text);
  });
}

test('lists say the same in XML as in JSON', async () => {
  await ram.attach('User', await ram.user());
  for (const [action, parameters] of [['ListUsers', {}], ['ListPolicies', {}], ['ListPolicies', { PolicyType: 'System' }], ['ListUsersForGroup', { GroupName: (await ram.group()).GroupName }]]) {
    const [json, xml] = [{}, { Format: 'XML' }].map(format => rpc(service.credentials(), action, { ...parameters, MaxItems: '20', Version: ramVersion, ...format }));
    const leaves = list => list.filter(leaf => !leaf.startsWith('RequestId='));
    const expected = leaves(jsonLeaves(JSON.parse((await send(service, json)).text)));
    assert.deepEqual(leaves(xmlAnswer((await send(service, xml)).text).leaves), expected, action);
  }
  const empty = await send(service, rpc(service.credentials(), 'ListGroupsForUser', { ...(await ram.user()), Version: ramVersion, Format: 'XML' }));
  assert.match(empty.text, /^<\?xml version='1\.0' encoding='UTF-8'\?><ListGroupsForUserResponse><Groups><\/Groups><RequestId>[0-9A-F-]{36}<\/RequestId><\/ListGroupsForUserResponse>$/);
});

test('values come back as they were given', async () => {
  const UserName = newName('user');
  const given = { DisplayName: 'Alice @ work', MobilePhone: '86-18600008888', Email: 'a@example.com', Comments: 'é 密 😀 "<&>"' };
  const { UserId } = (await call('CreateUser', { UserName, ...given })).User;
  assert.match(UserId, /^\d{17,18}$/);
  const { CreateDate, UpdateDate, ...got } = (await call('GetUser', { UserName })).User;
  assert.deepEqual(got, { UserId, UserName, ...given, LastLoginDate: '' });
  // What is sent empty is cleared, what is not sent stays; the id stays under another name.
  const NewUserName = newName('user');
  const { UpdateDate: later, CreateDate: created, ...updated } = (await call('UpdateUser', { UserName, NewUserName, NewComments: '' })).User;
  assert.deepEqual([updated, created], [{ UserId, UserName: NewUserName, ...given, Comments: '' }, CreateDate]);
  assert.equal(await codeOf(call('GetUser', { UserName })), 'EntityNotExist.User');
});

test('policies and their versions count up', async () => {
  const documents = [1, 2, 3, 4, 5, 6].map(n => policy(allow('kms:List*', `acs:kms:*:*:key/${n}`)));
  const PolicyName = newName('policy');
  const made = (await call('CreatePolicy', { PolicyName, PolicyDocument: documents[0] })).Policy;
  assert.deepEqual([made.PolicyType, made.DefaultVersion, made.Description], ['Custom', 'v1', '']);
  for (let i = 1; i < 5; i++) {
    const { VersionId, IsDefaultVersion } = (await call('CreatePolicyVersion', { PolicyName, PolicyDocument: documents[i], SetAsDefault: i === 2 })).PolicyVersion;
    assert.deepEqual([VersionId, IsDefaultVersion], [`v${i + 1}`, i === 2]);
  }
  const another = { PolicyName, PolicyDocument: documents[5] };
  assert.equal(await codeOf(call('CreatePolicyVersion', another)), 'LimitExceeded.Policy.Version');
  assert.equal((await call('CreatePolicyVersion', { ...another, RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded' })).PolicyVersion.VersionId, 'v6');
  const versions = (await call('ListPolicyVersions', custom({ PolicyName }))).PolicyVersions.PolicyVersion;
  assert.deepEqual(versions.map(v => [v.VersionId, v.IsDefaultVersion]), [['v2', false], ['v3', true], ['v4', false], ['v5', false], ['v6', false]]);
  const { Policy, DefaultPolicyVersion } = await call('GetPolicy', custom({ PolicyName }));
  assert.deepEqual([Policy.DefaultVersion, Policy.PolicyDocument, DefaultPolicyVersion.VersionId, DefaultPolicyVersion.PolicyDocument], ['v3', documents[2], 'v3', documents[2]]);
  assert.equal((await call('GetPolicyVersion', custom({ PolicyName, VersionId: 'v6' }))).PolicyVersion.PolicyDocument, documents[5]);
});

for (const [action, wrapper, element, name, make] of [
  ['ListUsers', 'Users', 'User', 'UserName', () => ram.user()],
  ['ListGroups', 'Groups', 'Group', 'GroupName', () => ram.group()],
  ['ListRoles', 'Roles', 'Role', 'RoleName', () => ram.role()],
  ['ListPolicies', 'Policies', 'Policy', 'PolicyName', () => ram.policy()],
  ['ListUsersForGroup', 'Users', 'User', 'UserName', async group => {
    const made = await ram.user();
    await call('AddUserToGroup', { ...made, ...group });
    return made;
  }],
]) {
  test(`${action} is read page by page`, async () => {
    const parameters = action === 'ListUsersForGroup' ? await ram.group() : {};
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await make(parameters))[name]);
    const names = page => page[wrapper][element].map(each => each[name]);
    const [read, lengths] = [[], []];
    let Marker;
    do {
      const page = await call(action, { ...parameters, MaxItems: 4, ...(Marker && { Marker }) });
      assert.equal(page.IsTruncated, 'Marker' in page);
      ({ Marker } = page);
      read.push(...names(page));
      lengths.push(names(page).length);
    } while (Marker);
    assert.ok(lengths.length > 1 && lengths.slice(0, -1).every(length => length === 4) && lengths.at(-1) <= 4, `${lengths}`);
    assert.deepEqual(read, names(await call(action, { ...parameters, MaxItems: 1000 })));
    assert.deepEqual(made.filter(each => !read.includes(each)), []);
    assert.equal(new Set(read).size, read.length);
  });
}

test('an access key opens the service as long as it is active', async () => {
  const someone = await ram.caller();
  const identity = () => pop('sts', service, someone)('GetCallerIdentity');
  assert.match(someone.AccessKeyId, /^LTAI[A-Za-z0-9]{12,20}$/);
  assert.match(someone.AccessKeySecret, /^[A-Za-z0-9]{30}$/);
  assert.equal((await identity()).Arn, `acs:ram::${account}:user/${someone.UserName}`);
  const which = { UserName: someone.UserName, UserAccessKeyId: someone.AccessKeyId };
  assert.match((await call('GetAccessKeyLastUsed', which)).AccessKeyLastUsed.LastUsedDate, /^\d{4}-/);
  const listed = await call('ListAccessKeys', { UserName: someone.UserName });
  assert.ok(!JSON.stringify(listed).includes(someone.AccessKeySecret));
  await call('UpdateAccessKey', { ...which, Status: 'Inactive' });
  assert.equal((await call('ListAccessKeys', { UserName: someone.UserName })).AccessKeys.AccessKey[0].Status, 'Inactive');
  assert.equal(await codeOf(identity()), 'InvalidAccessKeyId.Inactive');
  await call('UpdateAccessKey', { ...which, Status: 'Active' });
  assert.equal(await codeOf(identity()), 'success');
  await call('DeleteAccessKey', which);
  assert.equal(await codeOf(identity()), 'InvalidAccessKeyId.NotFound');
  assert.ok(!service.log().includes(someone.AccessKeySecret));
});

describe('errors, as the vendor\'s client sees them', () => {
  const long = length => 'x'.repeat(length);
  const trusted = { AssumeRolePolicyDocument: trust(root) };
  const allowed = { PolicyDocument: policy(allow('kms:*')) };
  const admin = { PolicyType: 'System', PolicyName: 'AdministratorAccess' };
  const given = parameters => async () => parameters;
  const nobody = { UserName: 'nobody' };
  const upper = (made, name) => ({ ...made, [name]: made[name].toUpperCase() });
  /** What a call needs after it was made as often as a quota allows. */
  const after = async (times, action, next) => {
    for (let i = 0; i < times; i++) await call(action, await next());
    return next();
  };
  const another = holder => async () => custom({ ...(await ram.policy()), ...holder });

  const errors = [
    ['CreateUser', given({ UserName: 'a b' }), 400, 'InvalidParameter.UserName.InvalidChars'],
    ['CreateUser', given({ UserName: long(65) }), 400, 'InvalidParameter.UserName.Length'],
    ['UpdateUser', async () => ({ ...(await ram.user()), NewUserName: 'a b' }), 400, 'InvalidParameter.NewUserName.InvalidChars'],
    ['CreateUser', given({ UserName: 'a', DisplayName: long(129) }), 400, 'InvalidParameter.DisplayName.Length'],
    ['CreateUser', given({ UserName: 'a', Comments: long(129) }), 400, 'InvalidParameter.Comments.Length'],
    ['CreateUser', given({ UserName: 'a', Email: 'nobody' }), 400, 'InvalidParameter.Email.Format'],
    ['CreateUser', given({ UserName: 'a', MobilePhone: 'none' }), 400, 'InvalidParameter.MobilePhone.Format'],
    ['CreateGroup', given({ GroupName: 'a/b' }), 400, 'InvalidParameter.GroupName.InvalidChars'],
    ['CreateGroup', given({ GroupName: long(65) }), 400, 'InvalidParameter.GroupName.Length'],
    ['CreateRole', given({ RoleName: 'a b', ...trusted }), 400, 'InvalidParameter.RoleName.InvalidChars'],
    ['CreateRole', given({ RoleName: long(65), ...trusted }), 400, 'InvalidParameter.RoleName.Length'],
    ['CreateRole', given({ RoleName: 'a', ...trusted, Description: long(1025) }), 400, 'InvalidParameter.Description.Length'],
    ['CreateRole', given({ RoleName: 'a', ...trusted, MaxSessionDuration: 3599 }), 400, 'InvalidParameter.MaxSessionDuration'],
    ['CreateRole', given({ RoleName: 'a', ...trusted, MaxSessionDuration: 43201 }), 400, 'InvalidParameter.MaxSessionDuration'],
    ['CreatePolicy', given({ PolicyName: 'a_b', ...allowed }), 400, 'InvalidParameter.PolicyName.InvalidChars'],
    ['CreatePolicy', given({ PolicyName: long(129), ...allowed }), 400, 'InvalidParameter.PolicyName.Length'],
    ['CreatePolicy', given({ PolicyName: 'a', PolicyDocument: policy(allow('kms:*', `acs:kms:*:*:key/${long(6144)}`)) }), 400, 'InvalidParameter.PolicyDocument.Length'],
    ['GetPolicyVersion', given({ ...admin, VersionId: '1' }), 400, 'InvalidParameter.VersionId.Format'],
    ['GetPolicy', given({ ...admin, PolicyType: 'system' }), 400, 'InvalidParameter.PolicyType'],
    ['ListUsers', given({ MaxItems: 1001 }), 400, 'InvalidParameter.MaxItems'],
    ['ListPolicies', given({ Marker: '?' }), 400, 'InvalidParameter.Marker'],
    ['UpdateAccessKey', given({ UserAccessKeyId: 'a', Status: 'Off' }), 400, 'InvalidParameter.Status'],
    ['CreatePolicy', given({ PolicyName: 'a', PolicyDocument: '{' }), 400, 'MalformedPolicyDocument'],
    ['CreatePolicyVersion', async () => ({ ...(await ram.policy()), PolicyDocument: policy({ Effect: 'Allow', Action: '*', NotResource: '*' }) }), 400, 'MalformedPolicyDocument'],
    ['CreateRole', given({ RoleName: 'a', AssumeRolePolicyDocument: policy(allow('sts:AssumeRole')) }), 400, 'MalformedPolicyDocument'],
    ['CreateUser', given({}), 400, 'MissingUserName'],
    ['AttachPolicyToUser', given({ UserName: 'a', PolicyName: 'b' }), 400, 'MissingPolicyType'],

    ...['GetUser', 'UpdateUser', 'DeleteUser', 'CreateAccessKey', 'ListAccessKeys', 'ListPoliciesForUser', 'ListGroupsForUser'].map(action => [action, given(nobody), 404, 'EntityNotExist.User']),
    ...['GetGroup', 'UpdateGroup', 'DeleteGroup', 'ListPoliciesForGroup', 'ListUsersForGroup'].map(action => [action, given({ GroupName: 'none' }), 404, 'EntityNotExist.Group']),
    ...['GetRole', 'UpdateRole', 'DeleteRole', 'ListPoliciesForRole'].map(action => [action, given({ RoleName: 'none' }), 404, 'EntityNotExist.Role']),
    ...['GetPolicy', 'ListPolicyVersions', 'ListEntitiesForPolicy'].map(action => [action, given(custom({ PolicyName: 'none' })), 404, 'EntityNotExist.Policy']),
    ['DeletePolicy', given({ PolicyName: 'AdministratorAccess' }), 404, 'EntityNotExist.Policy'],
    ['GetUser', async () => upper(await ram.user(), 'UserName'), 404, 'EntityNotExist.User'],
    ['GetPolicyVersion', async () => custom({ ...(await ram.policy()), VersionId: 'v2' }), 404, 'EntityNotExist.Policy.Version'],
    ['SetDefaultPolicyVersion', async () => ({ ...(await ram.policy()), VersionId: 'v9' }), 404, 'EntityNotExist.Policy.Version'],
    ['DeleteAccessKey', async () => ({ ...(await ram.user()), UserAccessKeyId: (await key()).UserAccessKeyId }), 404, 'EntityNotExist.User.AccessKey'],
    ['UpdateAccessKey', async () => ({ ...(await ram.user()), UserAccessKeyId: 'LTAInone', Status: 'Active' }), 404, 'EntityNotExist.User.AccessKey'],
    ['RemoveUserFromGroup', async () => ({ ...(await ram.user()), ...(await ram.group()) }), 404, 'EntityNotExist.User.Group'],
    ['AddUserToGroup', async () => ({ ...(await ram.user()), GroupName: 'none' }), 404, 'EntityNotExist.Group'],
    ['AttachPolicyToUser', given({ ...admin, ...nobody }), 404, 'EntityNotExist.User'],
    ['DetachPolicyFromUser', async () => ({ ...admin, ...(await ram.user()) }), 404, 'EntityNotExist.User.Policy'],
    ['DetachPolicyFromGroup', async () => ({ ...admin, ...(await ram.group()) }), 404, 'EntityNotExist.Group.Policy'],
    ['DetachPolicyFromRole', async () => ({ ...admin, ...(await ram.role()) }), 404, 'EntityNotExist.Role.Policy'],

    ['CreateUser', () => ram.user(), 409, 'EntityAlreadyExists.User'],
    ['CreateUser', async () => upper(await ram.user(), 'UserName'), 409, 'EntityAlreadyExists.User'],
    ['CreateGroup', () => ram.group(), 409, 'EntityAlreadyExists.Group'],
    ['CreateRole', async () => ({ ...(await ram.role()), ...trusted }), 409, 'EntityAlreadyExists.Role'],
    ['CreatePolicy', async () => ({ ...(await ram.policy()), ...allowed }), 409, 'EntityAlreadyExists.Policy'],
    ['AddUserToGroup', () => ram.member(), 409, 'EntityAlreadyExists.User.Group'],
    ['AttachPolicyToUser', async () => ram.attach('User', await ram.user()), 409, 'EntityAlreadyExists.User.Policy'],
    ['AttachPolicyToGroup', async () => ram.attach('Group', await ram.group()), 409, 'EntityAlreadyExists.Group.Policy'],
    ['AttachPolicyToRole', async () => ram.attach('Role', await ram.role()), 409, 'EntityAlreadyExists.Role.Policy'],

    ['DeleteUser', async () => ({ UserName: (await key()).UserName }), 409, 'DeleteConflict.User.AccessKey'],
    ['DeleteUser', async () => ({ UserName: (await ram.member()).UserName }), 409, 'DeleteConflict.User.Group'],
    ['DeleteUser', async () => ({ UserName: (await ram.attach('User', await ram.user())).UserName }), 409, 'DeleteConflict.User.Policy'],
    ['DeleteGroup', async () => ({ GroupName: (await ram.member()).GroupName }), 409, 'DeleteConflict.Group.User'],
    ['DeleteGroup', async () => ({ GroupName: (await ram.attach('Group', await ram.group())).GroupName }), 409, 'DeleteConflict.Group.Policy'],
    ['DeleteRole', async () => ({ RoleName: (await ram.attach('Role', await ram.role())).RoleName }), 409, 'DeleteConflict.Role.Policy'],
    ['DeletePolicy', async () => ({ PolicyName: (await ram.attach('User', await ram.user())).PolicyName }), 409, 'DeleteConflict.Policy.User'],
    ['DeletePolicy', async () => ({ PolicyName: (await ram.attach('Group', await ram.group())).PolicyName }), 409, 'DeleteConflict.Policy.Group'],
    ['DeletePolicy', async () => ({ PolicyName: (await ram.attach('Role', await ram.role())).PolicyName }), 409, 'DeleteConflict.Role.Policy'],
    ['DeletePolicy', async () => ({ PolicyName: (await secondVersion()).PolicyName }), 409, 'DeleteConflict.Policy.Version'],
    ['DeletePolicyVersion', async () => ({ ...(await ram.policy()), VersionId: 'v1' }), 409, 'DeleteConflict.Policy.Version.Default'],

    ['CreateAccessKey', async () => { const made = await ram.user(); return after(2, 'CreateAccessKey', given(made)); }, 409, 'LimitExceeded.User.AccessKey'],
    ['AddUserToGroup', async () => { const made = await ram.user(); return after(5, 'AddUserToGroup', async () => ({ ...made, ...(await ram.group()) })); }, 409, 'LimitExceeded.User.Group'],
    ['CreatePolicyVersion', async () => { const made = await ram.policy(); return after(4, 'CreatePolicyVersion', given({ ...made, ...allowed })); }, 409, 'LimitExceeded.Policy.Version'],
    ['AttachPolicyToUser', async () => after(10, 'AttachPolicyToUser', another(await ram.user())), 409, 'LimitExceeded.User.Policy'],
    ['AttachPolicyToGroup', async () => after(5, 'AttachPolicyToGroup', another(await ram.group())), 409, 'LimitExceeded.Group.Policy'],
    ['AttachPolicyToRole', async () => after(5, 'AttachPolicyToRole', another(await ram.role())), 409, 'LimitExceeded.Role.Policy'],
  ];

  for (const [index, [action, parameters, status, code]] of errors.entries()) {
    test(`${index + 1}: ${action} ends with ${code}`, async () => {
      const sent = await parameters();
      await assert.rejects(sdk('ram', service)(action, sent), error => {
        assert.deepEqual([error.code, error.statusCode], [code, status], error.message);
        return true;
      });
      assert.equal(await codeOf(call(action, sent)), code);
    });
  }

  test('an account has no more than its quotas allow', async () => {
    const kinds = ['User', 'Group', 'Role', 'Policy'];
    const none = Object.fromEntries(['Users', 'Groups', 'Roles', 'Policies'].map(quota => [`Kms__Ram__${quota}`, '0']));
    const small = await startService({ data: join(place.folder, 'small'), env: { Kms__RootKeyFile: join(place.folder, 'small.keys'), ...none } });
    const codes = [];
    for (const kind of kinds) codes.push(await codeOf(sdk('ram', small)(`Create${kind}`, { [`${kind}Name`]: 'a', ...(kind === 'Role' && trusted), ...(kind === 'Policy' && allowed) })));
    assert.deepEqual(codes, kinds.map(kind => `LimitExceeded.${kind}`));
    assert.equal(await small.stop(), 0);
  });

  test('whoever has no right is refused with NoPermission', async () => {
    const someone = await ram.caller(allow('ram:Get*', `acs:ram:*:${account}:user/*`));
    const theirs = sdk('ram', service, someone);
    assert.equal((await theirs('GetUser', { UserName: someone.UserName })).User.UserName, someone.UserName);
    await assert.rejects(theirs('GetGroup', await ram.group()), error => error.code === 'NoPermission' && error.statusCode === 403);
    await assert.rejects(theirs('CreateUser', { UserName: newName('user') }), error => error.code === 'NoPermission' && error.statusCode === 403);
  });

  test('what goes in a cascade is gone', async () => {
    const made = await ram.attach('User', await ram.user());
    await call('CreatePolicyVersion', { PolicyName: made.PolicyName, ...allowed });
    await call('DeletePolicy', { PolicyName: made.PolicyName, CascadingDelete: true });
    assert.deepEqual((await call('ListPoliciesForUser', { UserName: made.UserName })).Policies.Policy, []);
    assert.equal(await codeOf(call('GetPolicy', custom({ PolicyName: made.PolicyName }))), 'EntityNotExist.Policy');
  });

  test('an action is known under its own version alone', async () => {
    for (const [Version, action] of [['2016-01-20', 'CreateUser'], ['2015-04-01', 'CreateUser'], [ramVersion, 'AssumeRole'], [ramVersion, 'ListTagResources'], [ramVersion, 'createUser']]) {
      const answer = await send(service, rpc(service.credentials(), action, { Version }));
      assert.deepEqual([answer.status, JSON.parse(answer.text).Code], [404, 'InvalidAction.NotFound'], `${Version} ${action}`);
    }
  });
});
