CREATE TABLE underlays (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), level TEXT NOT NULL,
  version BIGINT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
  width_px BIGINT NOT NULL, height_px BIGINT NOT NULL, corners TEXT NOT NULL,
  percent BIGINT NOT NULL, person TEXT NOT NULL, at_ms BIGINT NOT NULL,
  UNIQUE (hospital, level, version)
);
