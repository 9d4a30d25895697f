// SPDX-License-Identifier: MIT
//
// run.mjs - node run.mjs FILE [NAME]: run each test that FILE exports, or one. A failure shows what was said and does not stop the others.
import {pathToFileURL} from 'node:url';
import {browser, end} from './browser.mjs';

const tests = Object.entries(await import(pathToFileURL(process.argv[2]))).filter(([name]) => !process.argv[3] || name === process.argv[3]);
let failed = 0;
for (const [name, test] of tests) {
  const start = Date.now();
  try {
    await test();
    console.log(`ok ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
  for (const context of browser.contexts()) await context.close();
}
await end();
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed || !tests.length ? 1 : 0;
