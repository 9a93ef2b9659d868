-- What Orleans' ADO.NET providers need on PostgreSQL, version 1: membership, grain state, reminders. They find their statements in OrleansQuery by these keys, give parameters and read columns by
-- these names, and take columns of these types.

CREATE TABLE OrleansQuery (QueryKey TEXT PRIMARY KEY, QueryText TEXT NOT NULL);

-- Membership: one row for each start of a silo, and one number for each cluster that every change of a row raises.

CREATE TABLE OrleansMembershipVersionTable (
    DeploymentId VARCHAR(150) PRIMARY KEY,
    Timestamp TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    Version INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE OrleansMembershipTable (
    DeploymentId VARCHAR(150) NOT NULL REFERENCES OrleansMembershipVersionTable,
    Address VARCHAR(45) NOT NULL,
    Port INTEGER NOT NULL,
    Generation INTEGER NOT NULL,
    SiloName VARCHAR(150) NOT NULL,
    HostName VARCHAR(150) NOT NULL,
    -- 3 is active, 6 is dead.
    Status INTEGER NOT NULL,
    ProxyPort INTEGER,
    SuspectTimes VARCHAR(8000),
    StartTime TIMESTAMPTZ(3) NOT NULL,
    IAmAliveTime TIMESTAMPTZ(3) NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- Grain state. A write is one statement that changes a row, or none: insert if the grain had no version, update if its version is still the stored one. It answers the new version; no row in the
-- answer means that another activation was faster. rowid is for those who read all states.

CREATE TABLE OrleansStorage (
    GrainIdHash INTEGER NOT NULL,
    GrainTypeHash INTEGER NOT NULL,
    GrainIdN0 BIGINT NOT NULL,
    GrainIdN1 BIGINT NOT NULL,
    GrainTypeString VARCHAR(512) COLLATE "C" NOT NULL,
    GrainIdExtensionString VARCHAR(512) COLLATE "C" NOT NULL,
    ServiceId VARCHAR(150) COLLATE "C" NOT NULL,
    PayloadBinary BYTEA,
    ModifiedOn TIMESTAMPTZ NOT NULL,
    Version INTEGER NOT NULL,
    rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
);

CREATE TABLE OrleansRemindersTable (
    ServiceId VARCHAR(150) NOT NULL,
    GrainId VARCHAR(512) NOT NULL,
    ReminderName VARCHAR(150) NOT NULL,
    StartTime TIMESTAMPTZ(3) NOT NULL,
    Period BIGINT NOT NULL,
    GrainHash INTEGER NOT NULL,
    Version INTEGER NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);

CREATE INDEX OrleansRemindersByHash ON OrleansRemindersTable (ServiceId, GrainHash);

-- The fence. Every connection of a silo names it in kms.silo: CLUSTER/ADDRESS/PORT/GENERATION. A silo that the others have declared dead, though its process may go on, writes no grain state, no
-- table of the service and no event; and what has no event is not answered. A silo that has not joined yet has no row; one that has (joined) and whose row is gone was dead for long.
CREATE FUNCTION kms_require_member(joined BOOLEAN) RETURNS BOOLEAN LANGUAGE plpgsql STABLE AS $$
DECLARE
    silo TEXT[] := string_to_array(current_setting('kms.silo'), '/');
    found INTEGER;
BEGIN
    SELECT Status INTO found FROM OrleansMembershipTable
    WHERE DeploymentId = silo[1] AND Address = silo[2] AND Port = silo[3]::INTEGER AND Generation = silo[4]::INTEGER;
    IF found = 6 OR (found IS NULL AND joined) THEN
        RAISE EXCEPTION 'silo % is no member of its cluster any more', current_setting('kms.silo') USING ERRCODE = 'KM001';
    END IF;
    RETURN TRUE;
END
$$;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
    WITH made AS (INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT COUNT(*)::INTEGER FROM made'),
('InsertMembershipKey', '
    WITH raised AS (
        UPDATE OrleansMembershipVersionTable SET Timestamp = now(), Version = Version + 1
        WHERE DeploymentId = @DeploymentId AND Version = @Version
            AND NOT EXISTS (SELECT 1 FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
        RETURNING 1),
    made AS (
        INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM raised
        RETURNING 1)
    SELECT COUNT(*)::INTEGER FROM made'),
('UpdateMembershipKey', '
    WITH raised AS (
        UPDATE OrleansMembershipVersionTable SET Timestamp = now(), Version = Version + 1
        WHERE DeploymentId = @DeploymentId AND Version = @Version
            AND EXISTS (SELECT 1 FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
        RETURNING 1),
    changed AS (
        UPDATE OrleansMembershipTable SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation AND EXISTS (SELECT 1 FROM raised)
        RETURNING 1)
    SELECT COUNT(*)::INTEGER FROM changed'),
('UpdateIAmAlivetimeKey', '
    UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation'),
('MembershipReadRowKey', '
    SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
    FROM OrleansMembershipVersionTable v
    LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    WHERE v.DeploymentId = @DeploymentId'),
('MembershipReadAllKey', '
    SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
    FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
    WHERE v.DeploymentId = @DeploymentId'),
('DeleteMembershipTableEntriesKey', '
    DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId;
    DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId'),
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3'),
('GatewaysQueryKey', '
    SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0'),

('ReadFromStorageKey', '
    SELECT PayloadBinary, Version FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId'),
('WriteToStorageKey', '
    WITH made AS (
        INSERT INTO OrleansStorage
            (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
        SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString, ''''), @ServiceId, @PayloadBinary, now(), 1
        WHERE @GrainStateVersion::INTEGER IS NULL AND kms_require_member(FALSE)
        ON CONFLICT DO NOTHING
        RETURNING Version),
    changed AS (
        UPDATE OrleansStorage SET PayloadBinary = @PayloadBinary, ModifiedOn = now(), Version = Version + 1
        WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
          AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId
          AND Version = @GrainStateVersion::INTEGER AND kms_require_member(FALSE)
        RETURNING Version)
    SELECT Version AS NewGrainStateVersion FROM made UNION ALL SELECT Version FROM changed'),
('ClearStorageKey', '
    UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = now(), Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId
      AND Version = @GrainStateVersion::INTEGER AND kms_require_member(FALSE)
    RETURNING Version AS NewGrainStateVersion'),

('UpsertReminderRowKey', '
    INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
    SELECT @ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0 WHERE kms_require_member(TRUE)
    ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = OrleansRemindersTable.Version + 1
    RETURNING Version'),
('ReadReminderRowsKey', '
    SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND GrainId = @GrainId'),
('ReadReminderRowKey', '
    SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName'),
('ReadRangeRows1Key', '
    SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash'),
('ReadRangeRows2Key', '
    SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)'),
('DeleteReminderRowKey', '
    WITH gone AS (
        DELETE FROM OrleansRemindersTable
        WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version AND kms_require_member(TRUE)
        RETURNING 1)
    SELECT COUNT(*)::INTEGER FROM gone'),
('DeleteReminderRowsKey', '
    DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId');
