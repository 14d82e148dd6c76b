// Looks at JavaScript sources and tries tests on them. The arguments are pieces of one JSON object; the last line of
// the output is RESULT and a JSON object. Runs in the sandbox, because tests are code that nobody has read.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const PASSED_OVER = new Set(['.git', '.aios', 'node_modules', 'target', 'dist', 'build', '__pycache__', '.venv', 'venv']);

function inCopy(files, work) {
  const folder = mkdtempSync(join(tmpdir(), 'trial-'));
  try {
    cpSync('.', folder, { recursive: true, filter: (source) => !PASSED_OVER.has(basename(source)) });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function survey({ path, text }) {
  return inCopy({ [path]: text }, (folder) => {
    const checked = spawnSync(process.execPath, ['--check', path], { cwd: folder, encoding: 'utf8' });
    if (checked.status !== 0) {
      const lines = checked.stderr.split('\n');
      const line = lines[0]?.match(/:(\d+)$/)?.[1] ?? 0;
      return { fault: `line ${line}: ${lines.find((text) => /^\w*Error/.test(text)) ?? 'it does not parse'}` };
    }
    const exports = [];
    const add = (name, signature) => {
      if (!exports.some((known) => known.name === name)) exports.push({ name, signature, members: [] });
    };
    const code = text.replace(/^\s*\/\/.*$/gm, '');
    for (const [, head, name] of code.matchAll(/^(export (?:default )?(?:async )?(?:function\*?|class|const|let|var) (\w+)[^{=\n]*)/gm)) {
      add(name, head.trim());
    }
    for (const [, names] of code.matchAll(/^export \{([^}]*)\}/gm)) {
      for (const name of names.split(',')) add(name.trim().split(/\s+as\s+/).pop(), '');
    }
    for (const [, names] of code.matchAll(/^module\.exports = \{([^}]*)\}/gm)) {
      for (const name of names.split(',')) add(name.trim().split(':')[0], '');
    }
    const raises = [...new Set([...code.matchAll(/throw new (\w+)/g)].map(([, name]) => name))];
    return { exports: exports.filter(({ name }) => name), raises, undefined: [], missing: [] };
  });
}

function trial(variant, tests, seconds) {
  return inCopy(variant, (folder) => {
    const done = spawnSync(process.execPath, ['--test', '--test-reporter=junit', ...tests], {
      cwd: folder, encoding: 'utf8', timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 1 << 24,
    });
    if (done.error) return { output: `the tests did not end within ${seconds} seconds` };
    return { report: done.stdout, output: done.stderr.slice(-4000) };
  });
}

const asked = JSON.parse(process.argv.slice(1).join(''));
const result = asked.task === 'survey'
  ? asked.files.map(survey)
  : asked.variants.map((variant) => trial(variant, asked.tests, asked.seconds));
console.log(`\nRESULT ${JSON.stringify(result)}`);
