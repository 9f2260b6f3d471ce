CREATE TABLE hospitals (
  id TEXT PRIMARY KEY, names TEXT NOT NULL, timezone TEXT NOT NULL, address TEXT NOT NULL,
  number BIGINT NOT NULL DEFAULT 0, made_ms BIGINT NOT NULL
);
CREATE TABLE people (
  id {serial}, name TEXT NOT NULL UNIQUE, shown TEXT NOT NULL, role TEXT NOT NULL,
  hospital TEXT NOT NULL DEFAULT '', password TEXT NOT NULL, language TEXT NOT NULL DEFAULT '',
  made_ms BIGINT NOT NULL, barred_ms BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES people(id),
  made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL
);
CREATE TABLE tokens (
  id {serial}, hash TEXT NOT NULL UNIQUE, person BIGINT NOT NULL REFERENCES people(id),
  label TEXT NOT NULL, made_ms BIGINT NOT NULL, withdrawn_ms BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE tries (id {serial}, name TEXT NOT NULL, address TEXT NOT NULL, at_ms BIGINT NOT NULL);
CREATE INDEX tries_at ON tries(at_ms);
CREATE TABLE audit (
  number BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL, person TEXT NOT NULL, hospital TEXT NOT NULL,
  action TEXT NOT NULL, said TEXT NOT NULL, before TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE sources (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), kind TEXT NOT NULL,
  name TEXT NOT NULL, version BIGINT NOT NULL, sha256 TEXT NOT NULL, bytes BIGINT NOT NULL,
  person TEXT NOT NULL, at_ms BIGINT NOT NULL, UNIQUE (hospital, kind, name, version)
);
CREATE TABLE jobs (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), key TEXT NOT NULL,
  request TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL, attempt BIGINT NOT NULL DEFAULT 0,
  worker TEXT NOT NULL DEFAULT '', lease_ms BIGINT NOT NULL DEFAULT 0, progress TEXT NOT NULL DEFAULT '',
  made_ms BIGINT NOT NULL, started_ms BIGINT NOT NULL DEFAULT 0, ended_ms BIGINT NOT NULL DEFAULT 0,
  result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX jobs_state ON jobs(state, id);
CREATE TABLE publications (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), job BIGINT NOT NULL REFERENCES jobs(id),
  state TEXT NOT NULL, version BIGINT NOT NULL DEFAULT 0, undo_of BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '', proposed_by TEXT NOT NULL, proposed_ms BIGINT NOT NULL,
  decided_by TEXT NOT NULL DEFAULT '', decided_ms BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE closures (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id), target TEXT NOT NULL,
  start_at TEXT NOT NULL, end_at TEXT NOT NULL, reason TEXT NOT NULL,
  person TEXT NOT NULL, made_ms BIGINT NOT NULL,
  withdrawn_by TEXT NOT NULL DEFAULT '', withdrawn_ms BIGINT NOT NULL DEFAULT 0
);
