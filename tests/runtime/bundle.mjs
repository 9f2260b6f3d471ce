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

export function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
