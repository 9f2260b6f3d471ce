// Rules of `make check` for all JavaScript: `npx eslint`.

import js from '@eslint/js';
import globals from 'globals';

const LONGEST = 60;

/** No function over 60 lines, without blank ones and comments. The function around a whole script
 * does not count: it is how a plain script keeps its names private. */
const shortFunctions = {
  create(context) {
    const code = context.sourceCode;
    const comments = new Set();
    for (const { loc } of code.getAllComments()) {
      for (let line = loc.start.line; line <= loc.end.line; line++) {
        if (/^\s*(?:\/\/|\/?\*)/.test(code.lines[line - 1])) comments.add(line);
      }
    }
    const isScript = ({ parent }) => (
      parent.type === 'CallExpression' && parent.parent.parent.type === 'Program');
    const check = function (node) {
      if (isScript(node)) return;
      let count = 0;
      for (let line = node.loc.start.line; line <= node.loc.end.line; line++) {
        if (code.lines[line - 1].trim() && !comments.has(line)) count++;
      }
      if (count > LONGEST) {
        context.report({ node, message: `This function has ${count} lines; ${LONGEST} are enough.` });
      }
    };
    return {
      FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check,
    };
  },
};

const RULES = {
  ...js.configs.recommended.rules,
  'no-unused-vars': ['error', { args: 'after-used', caughtErrors: 'none' }],
  'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
  'array-callback-return': 'error',
  curly: ['error', 'multi-line'],
  eqeqeq: 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-return-assign': 'error',
  'no-self-compare': 'error',
  'no-sequences': 'error',
  'no-throw-literal': 'error',
  'no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
  'no-var': 'error',
  'prefer-const': 'error',
};
const SHORT = { complexity: ['error', 15], 'house/short-functions': 'error' };

/** A plain script, which may be required too. */
const SCRIPT = { ecmaVersion: 2017, sourceType: 'script' };
const REQUIRED = { module: 'readonly', require: 'readonly' };

/** Timers are of every platform, but the core has none. */
const TIMERS = { setTimeout: 'readonly', clearTimeout: 'readonly' };

function scripts(files, known, options) {
  return {
    files,
    plugins: { house: { rules: { 'short-functions': shortFunctions } } },
    languageOptions: { ...SCRIPT, ...options, globals: known },
    rules: { ...RULES, ...SHORT },
  };
}

const WECHAT = {
  ...REQUIRED,
  ...TIMERS,
  ...Object.fromEntries(
    ['App', 'Component', 'Page', 'getApp', 'wx', 'console'].map((name) => [name, 'readonly'])),
};

export default [
  { ignores: ['**/vendor/', 'examples/miniprogram/runtime/', 'node_modules/', 'out/', '.venv*/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  scripts(['exporter/runtime/{core,client}/**/*.js'], REQUIRED, {}),
  scripts(['exporter/runtime/platform/*.js'], { ...REQUIRED, ...TIMERS }, {}),
  scripts(['exporter/site/page/!(sw).js'], { ...globals.browser, ...REQUIRED }, { ecmaVersion: 2020 }),
  scripts(['exporter/site/page/sw.js'], {
    ...globals.serviceworker, VERSION: 'readonly', SHELL: 'readonly', GONE: 'readonly',
  }, { ecmaVersion: 2020 }),
  scripts(['server/pages/static/*.js'], globals.browser, { ecmaVersion: 2020 }),
  scripts(['server/pages/static/draw/*.js'], globals.browser, { ecmaVersion: 2020, sourceType: 'module' }),
  scripts(['examples/miniprogram/**/*.js', 'examples/npm/{guide/*,index}.js'], WECHAT, {}),
  scripts(['examples/npm/example.js'], globals.node, { ecmaVersion: 2018 }),
  scripts(['exporter/runtime/**/*.mjs'], globals.nodeBuiltin, {
    ecmaVersion: 2022, sourceType: 'module' }),
  {
    files: ['tests/**/*.mjs', '*.mjs'],
    languageOptions: {
      ecmaVersion: 2022, sourceType: 'module', globals: { ...globals.nodeBuiltin, document: 'readonly' },
    },
    rules: RULES,
  },
];
