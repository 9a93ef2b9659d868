// What a program does that gets its credentials by assuming a role: run with the service's certificate among those that Node trusts.
import Credentials from '@alicloud/credentials';
import Core from '@alicloud/pop-core';

const { ENDPOINT, ROLE_ARN, ACCESS_KEY_ID, ACCESS_KEY_SECRET } = process.env;
const client = new Credentials.default(new Credentials.Config({
  type: 'ram_role_arn', accessKeyId: ACCESS_KEY_ID, accessKeySecret: ACCESS_KEY_SECRET, roleArn: ROLE_ARN, roleSessionName: 'library', roleSessionExpiration: 900,
  stsEndpoint: new URL(ENDPOINT).host,
}));
const credential = await client.getCredential();
const kms = new Core({ ...credential, endpoint: ENDPOINT, apiVersion: '2016-01-20', opts: { timeout: 60_000 } });
const codeOf = action => kms.request(action, {}).then(() => 'success', error => error.code);
console.log(JSON.stringify({ accessKeyId: credential.accessKeyId, listed: await codeOf('ListKeys'), refused: await codeOf('CreateKey') }));
