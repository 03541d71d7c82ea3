internal import Hosting
internal import RPC
internal import Storage

/// One entry per shipped change, in order: append, never edit.
let evaluationMigrations: [Migration] = [
    Migration(
        """
        CREATE TABLE evaluation (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, enrollment BLOB NOT NULL,
            kind TEXT NOT NULL, status TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX evaluation_participant ON evaluation (participant, key);
        CREATE UNIQUE INDEX evaluation_occasion ON evaluation (enrollment, kind);

        CREATE TABLE contact (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, day BIGINT NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX contact_participant ON contact (participant, day);

        CREATE TABLE outcome (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, day BIGINT,
            body BLOB NOT NULL);
        CREATE INDEX outcome_participant ON outcome (participant, day);

        CREATE TABLE follow_up (key BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL);

        CREATE TABLE cohort_entry (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, cohort TEXT NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX cohort_entry_participant ON cohort_entry (participant);

        CREATE TABLE facility_copy (
            key BLOB NOT NULL PRIMARY KEY, code TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX facility_copy_code ON facility_copy (code);

        CREATE TABLE agreement_copy (key BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL);

        CREATE TABLE program_copy (
            key BLOB NOT NULL PRIMARY KEY, code TEXT NOT NULL, body BLOB NOT NULL);

        CREATE TABLE participant_copy (
            key BLOB NOT NULL PRIMARY KEY, facility TEXT NOT NULL, merged_into BLOB,
            body BLOB NOT NULL);

        CREATE TABLE enrollment_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, program BLOB NOT NULL,
            cohort TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX enrollment_copy_participant ON enrollment_copy (participant);
        """),
    Migration(
        """
        CREATE INDEX participant_copy_merged_into ON participant_copy (merged_into)
            WHERE merged_into IS NOT NULL;

        CREATE TABLE score_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, instrument TEXT NOT NULL,
            occasion TEXT NOT NULL, replaces BLOB, body BLOB NOT NULL);
        CREATE INDEX score_copy_participant ON score_copy (participant);
        CREATE INDEX score_copy_occasion ON score_copy (instrument, occasion);
        CREATE INDEX score_copy_replaces ON score_copy (replaces) WHERE replaces IS NOT NULL;

        CREATE TABLE attendance_copy (
            key BLOB NOT NULL PRIMARY KEY, day BIGINT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX attendance_copy_day ON attendance_copy (day);

        CREATE TABLE urine_test_copy (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX urine_test_copy_participant ON urine_test_copy (participant);
        """),
    Migration(
        """
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
        DROP TABLE agreement_copy;
        CREATE TABLE agreement_copy (
            key BLOB NOT NULL PRIMARY KEY, facility TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX agreement_copy_facility ON agreement_copy (facility);

        -- The feed brings the agreements again.
        DELETE FROM feed WHERE name = 'registry';
        """),
    BulkReading.migration,
    RefusedCertificate.migration,
]
