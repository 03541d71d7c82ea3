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
        """)
]
