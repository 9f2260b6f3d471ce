CREATE TABLE walks (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), goal TEXT NOT NULL,
  hash TEXT NOT NULL, venue TEXT NOT NULL, differs TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL,
  step BIGINT NOT NULL, told TEXT NOT NULL, remark TEXT NOT NULL, photo TEXT NOT NULL,
  person TEXT NOT NULL, at_ms BIGINT NOT NULL
);
CREATE INDEX walks_hospital ON walks(hospital, id);
