// From a bundle's folder to a way in words: node example.js BUNDLE START TEXT [PROFILE]
// Such as: node example.js bundle A101 fsk wheelchair
const fs = require('fs');
const path = require('path');
const navkit = require('navkit-runtime');

const [folder, from, text, profile] = process.argv.slice(2);
const bundle = navkit.open((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
const [language] = bundle.languages;

function lead() {
  const start = bundle.find(from); // the code on a wall, an id, a name
  const [best] = bundle.search(text, { language, limit: 1, from: start });
  if (!best) return [`Nothing is called ${text}.`];
  const route = bundle.route(start, { places: [best.place], anchor: -1 }, { profile });
  const told = bundle.tell(route, language);
  return [
    `${best.name} (${best.where})`,
    told.overview.text,
    ...told.instructions.map((one, number) => `${number + 1}. ${one.text}`),
    ...told.notices.map((one) => `* ${one.text}`),
    `${Math.round(route.length_cm / 100)} m, ${Math.ceil(route.duration_ms / 60000)} min`,
  ];
}

try {
  console.log(lead().join('\n'));
} catch (error) { // every error has a code and a sentence
  console.log(`${error.message} [${error.code}]`);
}
