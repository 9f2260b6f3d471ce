CREATE TABLE reports (
  hospital TEXT NOT NULL REFERENCES hospitals(id), id TEXT NOT NULL, bundle TEXT NOT NULL,
  level TEXT NOT NULL, line TEXT NOT NULL, told TEXT NOT NULL, language TEXT NOT NULL,
  profile TEXT NOT NULL, made_ms BIGINT NOT NULL,
  settled_by TEXT NOT NULL DEFAULT '', settled_ms BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (hospital, id)
);
CREATE INDEX reports_made ON reports(hospital, made_ms);
