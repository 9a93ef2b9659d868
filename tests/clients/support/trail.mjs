// Reading the trail as its users do.
import { popCore } from './service.mjs';

const seconds = time => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** All events of the account from a time on, the oldest first; `filters` are pairs of key and value. */
export async function events(service, { since = Date.now() - 24 * 3600_000, until = Date.now() + 3600_000, filters = {}, credentials } = {}) {
  const trail = popCore(service, credentials, '2020-07-06');
  const all = [];
  const asked = { StartTime: seconds(since), EndTime: seconds(until), Direction: 'FORWARD', MaxResults: '50' };
  Object.entries(filters).forEach(([key, value], i) => Object.assign(asked, { [`LookupAttribute.${i + 1}.Key`]: key, [`LookupAttribute.${i + 1}.Value`]: value }));
  for (let NextToken; ;) {
    const page = await trail.request('LookupEvents', { ...asked, ...(NextToken && { NextToken }) }, { method: 'POST' });
    all.push(...page.Events);
    if (!(NextToken = page.NextToken)) return all;
  }
}

/** The events of an answered call: one, if all is well. */
export const eventsOf = (service, answer, options) => events(service, { ...options, filters: { EventId: answer.RequestId } });
