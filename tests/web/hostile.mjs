// SPDX-License-Identifier: MIT
//
// hostile.mjs - pages that harm what is put into them: style resets, old libraries, no storage, blockers. All still answer.
import assert from 'node:assert/strict';
import {FAQD, chat, open, sleep, snippet, unharmed, until} from './browser.mjs';

const QUESTION = 'combien de séances pour la cellulite ?';

async function answers(page, which = 0) {
  const c = chat(page, which);
  await c.start();
  assert.match(await (await c.ask(QUESTION)).textContent(), /12 séances/);
  return c;
}

// How the widget looks: places and colours of its parts.
const looks = (page) => page.evaluate(() => {
  const root = document.querySelector('faq-chat').shadowRoot;
  return [...root.querySelectorAll('.launcher, .panel, .header, .log, .bot, .user, textarea, .send, sup')].map((e) => {
    const {x, y, width, height} = e.getBoundingClientRect();
    const {color, backgroundColor, fontSize, display, borderRadius, textTransform} = getComputedStyle(e);
    return {part: e.className || e.tagName, x, y, width, height, color, backgroundColor, fontSize, display, borderRadius, textTransform};
  });
});

// The same picture as on a quiet page, to the pixel.
async function unmoved(css) {
  const csp = '';
  const quiet = await open(undefined, {csp});
  await answers(quiet);
  const page = await open(`<style>${css}</style>${snippet()}`, {csp});
  await answers(page);
  assert.deepEqual(await looks(page), await looks(quiet));
  await unharmed(page);
}

export const resets = () => unmoved(`* {all: initial !important} faq-chat {all: unset !important; display: none !important}`);
export const bullies = () => unmoved(`* {margin: 7px !important; padding: 9px !important; color: red !important; background: lime !important;
  font: 40px/3 fantasy !important; box-sizing: content-box !important; text-transform: uppercase !important; letter-spacing: 1em !important;
  text-align: right !important; white-space: pre !important; visibility: hidden !important; opacity: .1 !important; float: left !important}
  html {font-size: 40px} button {display: none !important} :root {--a: red; --bg: red; --t: red}`);

// Prototype.js 1.6, MooTools 1.2 and friends, and worse.
export async function oldLibraries() {
  const page = await open(undefined, {init: () => {
    const inspect = function () { return '"broken"'; };
    for (const type of [Object, Array, String, Number]) type.prototype.toJSON = inspect;
    Object.prototype.extra = 'extra';
    Object.prototype.each = () => { throw new Error('each'); };
    Array.prototype.contains = () => { throw new Error('contains'); };
    Array.from = () => ['broken'];
    Object.assign = Object.entries = () => { throw new Error('entries'); };
    Function.prototype.bind = () => () => { throw new Error('bind'); };
    String.prototype.strip = String.prototype.includes = String.prototype.startsWith = () => { throw new Error('strip'); };
    Element.prototype.append = Element.prototype.prepend = Element.prototype.replaceChildren = () => { throw new Error('append'); };
    Element.prototype.scrollTo = Element.prototype.scrollIntoView = () => { throw new Error('scroll'); };
    NodeList.prototype.forEach = Element.prototype.toggleAttribute = () => { throw new Error('forEach'); };
    self.Event = {observe() {}};
    self.$ = () => null;
  }});
  await page.route('**/v1/ask', async (route) => {
    assert.deepEqual(Object.keys(JSON.parse(route.request().postData())), ['text', 'state', 'idle']);
    await route.continue();
  });
  await answers(page);
  await page.reload();
  await chat(page).users.first().waitFor({state: 'attached'});
  await unharmed(page);
}

// As on a page without https: no crypto.randomUUID; and no storage, whichever way it is refused.
export async function nothingThere() {
  for (const storage of ['throws', 'null', 'full']) {
    const page = await open(undefined, {init: `delete Crypto.prototype.randomUUID; if (${JSON.stringify(storage)} === 'full')
      Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };
      else Object.defineProperty(self, 'sessionStorage', {get() { if (${JSON.stringify(storage)} === 'throws') throw new DOMException('', 'SecurityError'); return null; }});`});
    const c = await answers(page);
    await page.keyboard.press('Escape');
    await c.launcher.click();
    assert.equal(await c.users.count(), 1, storage);
    await unharmed(page);
  }
}

// Somebody else's values under our name.
export async function foreignStorage() {
  for (const value of ['', 'null', '{"a":1}', '["x"]', '[1,2,3,4,5,6]', `["${Date.now()}","open","","{}","a","{}"]`]) {
    const page = await open(undefined, {init: `sessionStorage.setItem('faq-chat ${FAQD}/', ${JSON.stringify(value)})`});
    const c = chat(page);
    await c.launcher.waitFor();
    await c.host.evaluate((host) => host.open());
    await c.answers.first().waitFor();
    assert.match(await c.answers.first().textContent(), /je ne suis pas médecin/, value);
    assert.equal(await c.users.count(), 0, value);
    await c.ask(QUESTION);
    await c.host.evaluate((host) => host.clear());
    assert.equal(await c.answers.count(), 1, value);
    await unharmed(page);
  }
}

export async function blockedFeedback() {
  const page = await open();
  await page.route('**/v1/feedback', (route) => route.abort('blockedbyclient'));
  const c = await answers(page);
  await c.answers.last().getByRole('button', {name: 'Oui'}).click();
  await until(async () => /ne répond pas/.test(await c.answers.last().locator('.vote').textContent()), 'nothing is said');
  await c.ask('Est-ce que ça fait mal ?');
  await unharmed(page, {consoleMayHave: /ERR_BLOCKED_BY_CLIENT/});
}

// Two on one page keep apart; the script may be there twice.
export async function two() {
  const page = await open(snippet('lang="fr" id="left" position="start"') + snippet('lang="en" id="right"'));
  const left = await answers(page, 0);
  await page.keyboard.press('Escape');
  const right = chat(page, 1);
  await right.start();
  assert.match(await (await right.ask('does it hurt?')).textContent(), /discomfort/);
  assert.equal(await left.users.count(), 1);
  assert.equal(await right.users.count(), 1);
  const [a, b] = [await left.launcher.boundingBox(), await right.launcher.boundingBox()];
  assert.ok(a.x < 100 && b.x > 700, 'each on its side');
  await page.reload();
  assert.match(await left.users.textContent(), /cellulite/);
  assert.match(await right.users.textContent(), /hurt/);
  await unharmed(page);
}

// A page that catches keys, moves the focus and takes elements out and in.
export async function restless() {
  const page = await open('<div id="box"></div>' + snippet(), {csp: ''});
  const c = await answers(page);
  await page.evaluate(() => box.append(document.querySelector('faq-chat')));
  assert.equal(await c.users.count(), 1);
  await c.ask('Est-ce que ça fait mal ?');
  await page.evaluate(() => { document.querySelector('faq-chat').remove(); });
  await sleep(50);
  await unharmed(page);
}

// Made by a script, as frameworks do, and asked to act before and after it stands in the page.
export async function made() {
  const page = await open(`<script src="${FAQD}/faq-chat.js"></script>`);
  await page.evaluate(() => {
    const made = document.createElement('faq-chat');
    made.setAttribute('lang', 'en');
    made.setAttribute('open', '');
    document.body.append(made);
  });
  const c = chat(page);
  await c.answers.first().waitFor();
  assert.match(await (await c.ask('does it hurt?')).textContent(), /discomfort/);
  await unharmed(page);
}

// A browser too old for it, and one without JavaScript, keep the link.
export async function fallback() {
  for (const options of [{javaScriptEnabled: false}, {init: () => { delete CSSStyleSheet.prototype.replaceSync; }}, {init: () => { delete AbortSignal.timeout; }}]) {
    const page = await open(undefined, options);
    const link = page.getByRole('link', {name: 'Poser une question'});
    assert.equal(await link.isVisible(), true);
    await link.click();
    await page.waitForURL(FAQD + '/chat?lang=fr');
    assert.deepEqual(page.watch.errors, []);
  }
}
