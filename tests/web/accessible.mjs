// SPDX-License-Identifier: MIT
//
// accessible.mjs - axe-core finds nothing in any state of the widget; what it leaves "incomplete" inside shadow roots (contrast,
// names) is computed here, and so is the size of targets.
import assert from 'node:assert/strict';
import {axe, chat, open, snippet} from './browser.mjs';

const QUESTION = 'Quels sont les risques ?';

// In the page: all elements, through shadow roots.
const everything = `(function all(root) {
  return [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
})(document).filter((e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && e.getBoundingClientRect().width > 1)`;

// The lowest contrast of all text that is seen: each colour over the colours behind it.
async function contrast(page, what, least = 4.5) {
  const bad = await page.evaluate(`(() => {
    const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return {r, g, b, a}; };
    const over = (top, under) => Object.fromEntries(['r', 'g', 'b'].map((k) => [k, top[k] * top.a + under[k] * (1 - top.a)]).concat([['a', 1]]));
    const parent = (e) => e.parentElement || e.getRootNode().host;
    const background = (e) => e ? over(parse(getComputedStyle(e).backgroundColor), background(parent(e)))
      : parse(matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)');
    const light = ({r, g, b}) => [r, g, b].map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
    const found = [];
    let seen = 0;
    for (const e of ${everything}) {
      if (!e.getRootNode().host) continue;
      const texts = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      const behind = background(e);
      const check = (color, text, least) => { seen++; const r = ratio(over(parse(color), behind), behind); if (r < least) found.push(text + ': ' + r.toFixed(2)); };
      if (texts) check(getComputedStyle(e).color, e.textContent.slice(0, 40), ${least});
      if (e.placeholder) check(getComputedStyle(e, '::placeholder').color, 'placeholder', ${least});
      if (e.tagName === 'svg') check(getComputedStyle(e).stroke, 'icon of ' + (e.parentElement.title || e.parentElement.className), 3);
      if (e.tagName === 'TEXTAREA') { const r = ratio(parse(getComputedStyle(e).borderTopColor), background(parent(e))); if (r < 3) found.push('border of the input: ' + r.toFixed(2)); }
    }
    return {found, seen};
  })()`);
  assert.deepEqual(bad.found, [], `${what}: contrast`);
  assert.ok(bad.seen > 10, `${what}: ${bad.seen} texts seen`);
}

async function targets(page, what) {
  const small = await page.evaluate(`${everything}.filter((e) => e.getRootNode().host && e.matches('button, .sources a, .note a, textarea')).map((e) => {
    const {width, height} = e.getBoundingClientRect();
    return {name: e.title || e.textContent.trim(), width, height};
  }).filter(({width, height}) => width < 44 || height < 44)`);
  assert.deepEqual(small, [], `${what}: targets under 44 px`);
}

// Open, with an answer, its sources linked.
async function talking(options, question = QUESTION, attributes = 'lang="fr" privacy="https://example.org/"') {
  const page = await open(snippet(attributes), options);
  await page.route('**/v1/ask', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    json.sources.forEach((source) => { source.url = 'https://example.org/'; });
    await route.fulfill({response, json});
  });
  await chat(page).start();
  await chat(page).ask(question);
  return page;
}

async function check(page, what) {
  await axe(page, what);
  await contrast(page, what);
  await targets(page, what);
}

export async function closed() {
  const page = await open();
  await chat(page).launcher.waitFor();
  await axe(page, 'closed');
  await targets(page, 'closed');
}

export async function opened() {
  await check(await talking(), 'open');
}

export async function loading() {
  const page = await open();
  await page.route('**/v1/ask', () => {});
  const c = chat(page);
  await c.start();
  await c.input.fill(QUESTION);
  await c.send.click();
  await c.host.locator('.dots').waitFor();
  await check(page, 'loading');
}

async function failing(answer, what) {
  const page = await open();
  await page.route('**/v1/ask', answer);
  const c = chat(page);
  await c.start();
  await c.input.fill(QUESTION);
  await c.send.click();
  await c.errors.waitFor();
  await check(page, what);
}

export const error = () => failing((route) => route.fulfill({status: 503, headers: {'Retry-After': '60'}, body: ''}), 'error');
export const offline = () => failing((route) => route.abort('internetdisconnected'), 'offline');

export async function rightToLeft() {
  const page = await talking();
  await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
  await check(page, 'right to left');
  const {x} = await chat(page).launcher.boundingBox();
  assert.ok(x < 100, 'the launcher is on the other side');
}

export async function dark() {
  await check(await talking({colorScheme: 'dark'}), 'dark');
  await check(await talking({}, QUESTION, 'lang="fr" theme="dark" privacy="https://example.org/"'), 'dark by attribute');
}

export async function forcedColours() {
  const page = await talking({forcedColors: 'active'});
  await axe(page, 'forced colours');
  const flat = await page.evaluate(`${everything}.filter((e) => e.matches('.user, .bot, .send, .launcher, .pick, textarea'))
    .filter((e) => getComputedStyle(e).borderTopWidth === '0px').map((e) => e.className)`);
  assert.deepEqual(flat, [], 'what is told apart by its background has a border, too');
}

export async function narrow() {
  const page = await talking({viewport: {width: 320, height: 640}});
  await check(page, '320 px');
  assert.equal(await chat(page).launcher.isVisible(), false, 'the launcher does not lie on the window');
  assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]), [320, 320], 'no sideways scrolling');
}

// 1280 x 1024 magnified four times is a window of 320 x 256: everything can be reached, nothing is cut.
export async function zoom() {
  const page = await talking({viewport: {width: 320, height: 256}, deviceScaleFactor: 4});
  await check(page, '400 %');
  const c = chat(page);
  for (const part of [c.input, c.send, c.host.locator('[title=Fermer]'), c.host.locator('.sources a').last()]) {
    await part.scrollIntoViewIfNeeded();
    const {x, y, width, height} = await part.boundingBox();
    assert.ok(x >= 0 && y >= 0 && x + width <= 320 && y + height <= 256, `out of sight at 400 %: ${await part.getAttribute('class')}`);
  }
  assert.ok((await c.input.boundingBox()).height < 128, 'the input leaves room');
}

export async function emergency() {
  for (const colorScheme of ['light', 'dark']) await check(await talking({colorScheme}, 'mon visage gonfle après la piqûre'), 'emergency, ' + colorScheme);
}

export async function choices() {
  const page = await talking({}, 'mesotherapy during chemo', 'lang="en"');
  await chat(page).host.locator('.bot .pick').first().waitFor();
  await check(page, 'choices');
}

export async function lessMotion() {
  const still = await talking({reducedMotion: 'reduce'});
  assert.equal(await chat(still).panel.evaluate((panel) => getComputedStyle(panel).animationName), 'none');
  const moving = await talking({reducedMotion: 'no-preference'});
  assert.equal(await chat(moving).panel.evaluate((panel) => getComputedStyle(panel).animationName), 'in');
}

// Each bubble says its language and finds its direction.
export async function languages() {
  const page = await talking({}, 'does it hurt?', 'lang="fr"');
  const c = chat(page);
  assert.equal(await c.panel.getAttribute('lang'), 'fr');
  assert.deepEqual(await c.host.locator('.bot p, .user, .bot ul').evaluateAll((all) => all.filter((e) => !e.closest('[dir=auto]')).length), 0);
  assert.ok(await c.answers.evaluateAll((all) => all.every((e) => e.lang)));
}
