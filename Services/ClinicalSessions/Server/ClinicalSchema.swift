internal import Hosting
internal import RPC
internal import Storage

/// One entry per shipped change, in order: append, never edit.
let clinicalMigrations: [Migration] = [
    Migration(
        """
        CREATE TABLE administration (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX administration_participant ON administration (participant);

        CREATE TABLE assessment (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX assessment_participant ON assessment (participant);

        CREATE TABLE plan (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX plan_participant ON plan (participant);

        CREATE TABLE session (
            key BLOB NOT NULL PRIMARY KEY, status TEXT NOT NULL, facilitator TEXT NOT NULL,
            begins BIGINT NOT NULL, ends BIGINT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX session_begins ON session (begins);
        CREATE INDEX session_facilitator ON session (facilitator, ends);

        CREATE TABLE session_participant (
            record BLOB NOT NULL, participant BLOB NOT NULL, begins BIGINT NOT NULL,
            ends BIGINT NOT NULL, PRIMARY KEY (record, participant));
        CREATE INDEX session_participant_ends ON session_participant (participant, ends);

        CREATE TABLE note (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX note_participant ON note (participant);

        CREATE TABLE urine_test (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX urine_test_participant ON urine_test (participant);

        CREATE TABLE alert (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, is_open BIGINT NOT NULL,
            watch_through BIGINT, body BLOB NOT NULL);
        CREATE INDEX alert_participant ON alert (participant);
        CREATE INDEX alert_open ON alert (key) WHERE is_open = 1;
        CREATE INDEX alert_watch ON alert (watch_through) WHERE watch_through IS NOT NULL;

        CREATE TABLE facility_copy (
            key BLOB NOT NULL PRIMARY KEY, code TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX facility_copy_code ON facility_copy (code);

        CREATE TABLE participant_copy (
            key BLOB NOT NULL PRIMARY KEY, merged_into BLOB, body BLOB NOT NULL);
        CREATE INDEX participant_copy_merged_into ON participant_copy (merged_into)
            WHERE merged_into IS NOT NULL;

        CREATE TABLE enrollment_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX enrollment_copy_participant ON enrollment_copy (participant);
        """),
    Migration(
        """
        CREATE TABLE agreement_copy (
            key BLOB NOT NULL PRIMARY KEY, facility TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX agreement_copy_facility ON agreement_copy (facility);

        CREATE TABLE consent_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX consent_copy_participant ON consent_copy (participant);

        -- The feed brings what was passed over until now.
        DELETE FROM feed WHERE name = 'registry';
        """),
    Migration(
        """
        CREATE TABLE revocation_copy (key BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL);
        """),
    EmergencyAccess.migration,
    Migration(
        """
        CREATE TABLE legal_request_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX legal_request_copy_participant ON legal_request_copy (participant);

        CREATE TABLE restriction_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX restriction_copy_participant ON restriction_copy (participant);

        -- The feed brings what was passed over until now.
        DELETE FROM feed WHERE name = 'registry';
        """),
    Migration(
        """
        -- The feed brings when verdicts held.
        DELETE FROM feed WHERE name = 'registry';
        """),
    BulkReading.migration,
    RefusedCertificate.migration,
]
