// SPDX-License-Identifier: MIT
//
// light.mjs - what the widget costs the page that has it: the browser's main thread, and that nothing moves.
import assert from 'node:assert/strict';
import {open, snippet} from './browser.mjs';

const TIMES = 7;
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

// Milliseconds of the processor for script, style and layout until the page has loaded and was painted.
async function work(body) {
  const page = await open(body, {init: () => {
    self.moved = 0;
    new PerformanceObserver((list) => { for (const shift of list.getEntries()) self.moved += shift.value; }).observe({type: 'layout-shift', buffered: true});
  }});
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', {cacheDisabled: true});
  await session.send('Performance.enable', {timeDomain: 'threadTicks'}); // counts from here on
  await page.reload();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
  const {metrics} = await session.send('Performance.getMetrics');
  const of = Object.fromEntries(metrics.map(({name, value}) => [name, value * 1000]));
  assert.equal(await page.evaluate(() => self.moved), 0, 'layout shifts');
  await page.context().close();
  return of.ScriptDuration + of.RecalcStyleDuration + of.LayoutDuration;
}

export async function mainThread() {
  const without = [], having = [];
  for (let i = 0; i < TIMES; i++) {
    without.push(await work('<p>Rien.</p>'));
    having.push(await work(snippet()));
  }
  const ms = median(having) - median(without);
  console.log(`main thread: ${ms.toFixed(1)} ms for the widget, ${median(without).toFixed(1)} ms for the page around`);
  assert.ok(median(without) > 0 && ms > 0, 'nothing was measured');
  assert.ok(ms < 20, `${ms} ms`);
}
