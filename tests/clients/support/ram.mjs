// RAM and STS as their users call them, and what tests need of them.
import RamSdk from '@alicloud/ram20150501';
import StsSdk from '@alicloud/sts20150401';
import { popCore } from './service.mjs';

export const ramVersion = '2015-05-01';
export const stsVersion = '2015-04-01';

let number = 0;
/** A name that no test has used. */
export const newName = (kind = 'name') => `${kind}-${++number}`;

/** A policy document. */
export const policy = (...statements) => JSON.stringify({ Version: '1', Statement: statements });
export const allow = (Action, Resource = '*', Condition = undefined) => ({ Effect: 'Allow', Action, Resource, Condition });
export const deny = (Action, Resource = '*', Condition = undefined) => ({ Effect: 'Deny', Action, Resource, Condition });
/** A trust policy. */
export const trust = (...principals) => JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: principals } }] });

// Fields that an answer did not have are undefined in it.
const plain = body => JSON.parse(JSON.stringify(body));

const apis = { ram: [RamSdk, ramVersion], sts: [StsSdk, stsVersion] };

/** One of the vendor's clients, called by the API's own names; gives the body of an answer under the API's names. */
export function sdk(name, service, credentials = service.credentials()) {
  const [api] = apis[name];
  const client = new api.default({
    accessKeyId: credentials.AccessKeyId, accessKeySecret: credentials.AccessKeySecret, securityToken: credentials.SecurityToken, endpoint: `127.0.0.1:${service.port}`, protocol: 'http',
    readTimeout: 60_000,
  });
  return async (action, parameters = {}) => {
    const method = action[0].toLowerCase() + action.slice(1);
    const Request = api[`${action}Request`];
    if (!Request) return plain((await client[method]()).body.toMap());
    const names = Object.entries(Request.names());
    const given = Object.entries(parameters).map(([parameter, value]) => [names.find(([, apiName]) => apiName === parameter)[0], parameter === 'Tag' ? JSON.parse(value) : value]);
    return plain((await client[method](new Request(Object.fromEntries(given)))).body.toMap());
  };
}

/** Calls of an API by pop-core. */
export function pop(name, service, credentials = service.credentials()) {
  const client = popCore(service, credentials, apis[name][1]);
  return (action, parameters = {}, method = 'POST') => client.request(action, parameters, { method, timeout: 60_000 });
}

/** The root's calls of RAM, and what makes users, groups, roles and policies with them. */
export function ramOf(service) {
  const call = pop('ram', service);
  const named = async (parameter, action, others = {}) => {
    const name = { [parameter]: newName(parameter.replace('Name', '').toLowerCase()) };
    await call(action, { ...name, ...others });
    return name;
  };
  const attach = async (kind, holder, document) => {
    const made = { PolicyType: 'Custom', ...(await ram.policy(document)) };
    await call(`AttachPolicyTo${kind}`, { ...made, ...holder });
    return { ...made, ...holder };
  };
  const ram = {
    call,
    user: () => named('UserName', 'CreateUser'),
    group: () => named('GroupName', 'CreateGroup'),
    role: (document = trust('acs:ram::1000000000000001:root')) => named('RoleName', 'CreateRole', { AssumeRolePolicyDocument: document }),
    policy: (document = policy(allow('kms:*'))) => named('PolicyName', 'CreatePolicy', { PolicyDocument: document }),
    attach,
    member: async () => {
      const made = { ...(await ram.user()), ...(await ram.group()) };
      await call('AddUserToGroup', made);
      return made;
    },
    /** A new user with an access key and a policy of its own. */
    caller: async (...statements) => {
      const user = await ram.user();
      if (statements.length > 0) await attach('User', user, policy(...statements));
      const { AccessKeyId, AccessKeySecret } = (await call('CreateAccessKey', user)).AccessKey;
      return { ...user, AccessKeyId, AccessKeySecret };
    },
  };
  return ram;
}
