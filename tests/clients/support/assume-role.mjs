// What a program does that gets its credentials by assuming a role: run with the service's certificate among those that Node trusts.
import Credentials from '@alicloud/credentials';
import { codeOf, popCore } from './service.mjs';

const { ENDPOINT, ROLE_ARN, ACCESS_KEY_ID, ACCESS_KEY_SECRET } = process.env;
const client = new Credentials.default(new Credentials.Config({
  type: 'ram_role_arn', accessKeyId: ACCESS_KEY_ID, accessKeySecret: ACCESS_KEY_SECRET, roleArn: ROLE_ARN, roleSessionName: 'library', stsEndpoint: new URL(ENDPOINT).host, roleSessionExpiration: 900,
}));
const { accessKeyId, accessKeySecret, securityToken } = await client.getCredential();
const kms = popCore({ url: ENDPOINT }, { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken });
console.log(JSON.stringify({ provider: accessKeyId, listed: await codeOf(kms.request('ListKeys', {})), refused: await codeOf(kms.request('CreateKey', {})) }));
