-- Version 5: the trail. Times are in milliseconds since 1970.

-- Changes that were made in these tables, written in the same transaction: tells whether a change took place whose event the process did not come to record.
CREATE TABLE kms_change (
    change_id TEXT PRIMARY KEY,
    made_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX kms_change_made_at ON kms_change (made_at);

-- The trail has the nonces of all requests.
DROP TABLE kms_nonce;

-- What operators did becomes events: the id of a record's event is chosen first, and recorded is set when all accounts have it.
ALTER TABLE kms_admin_record ADD COLUMN event_id TEXT;
ALTER TABLE kms_admin_record ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
