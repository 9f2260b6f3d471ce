CREATE TABLE scans (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), code TEXT NOT NULL,
  hangs TEXT NOT NULL, person TEXT NOT NULL, at_ms BIGINT NOT NULL
);
CREATE INDEX scans_hospital ON scans(hospital, id);
