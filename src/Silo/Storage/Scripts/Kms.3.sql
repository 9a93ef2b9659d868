-- Version 3: what operators did.

-- One row for each command of kms-admin that changes something: written before the change, completed after it.
CREATE TABLE kms_admin_record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- The user of the operating system.
    operator TEXT NOT NULL,
    command TEXT NOT NULL,
    detail TEXT NOT NULL,
    -- The root key that the command was about: its number is never given again.
    root_key_version INTEGER,
    -- Null while the command runs, or for ever if it was killed.
    outcome TEXT
);
