CREATE INDEX closures_standing ON closures(hospital, withdrawn_ms);
