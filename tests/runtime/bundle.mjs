// Opening a bundle folder in Node, for all tests.

import fs from 'node:fs';
import path from 'node:path';
import navkit from '../../exporter/runtime/core/navkit.js';

export function reader(folder) {
  return (file) => fs.readFileSync(path.join(folder, file), 'utf8');
}

export function openFolder(folder) {
  return navkit.open(reader(folder));
}

/** A script after all that it requires, by its path: what a page runs one after the other. */
export function withRequired(file, found = new Map()) {
  if (found.has(file)) return found;
  const source = fs.readFileSync(file, 'utf8');
  for (const [, part] of source.matchAll(/require\('(\.[^']*)'\)/g)) {
    withRequired(path.join(path.dirname(file), part), found);
  }
  return found.set(file, source);
}

export function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
