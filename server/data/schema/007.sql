CREATE TABLE damages (path TEXT PRIMARY KEY, why TEXT NOT NULL, found_ms BIGINT NOT NULL);
CREATE TABLE scrubs (
  ended_ms BIGINT NOT NULL, files BIGINT NOT NULL, bytes BIGINT NOT NULL, damaged BIGINT NOT NULL
);
CREATE INDEX jobs_hospital ON jobs(hospital, started_ms);
