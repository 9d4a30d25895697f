// SPDX-License-Identifier: MIT
//
// element.mjs - what a site owner can count on: attributes, variables, parts, events, methods; what is sent, and what is kept.
import assert from 'node:assert/strict';
import {FAQD, NOTHING, SITE, chat, kept, open, sleep, snippet, unharmed, until} from './browser.mjs';

const QUESTION = 'combien de séances pour la cellulite ?';

// Before it is opened it has asked for one file and kept nothing; then only this tab knows, until it is cleared.
export async function privacy() {
  const page = await open();
  const c = chat(page);
  await c.launcher.waitFor();
  await sleep(300);
  assert.deepEqual(page.watch.requests.map((request) => request.url()).filter((url) => url.startsWith(FAQD)), [FAQD + '/faq-chat.js']);
  assert.deepEqual(await kept(page), NOTHING);
  await c.start();
  await page.keyboard.press('Escape');
  assert.deepEqual(await kept(page), NOTHING, 'opening alone keeps nothing');
  await page.reload();
  assert.deepEqual(await kept(page), NOTHING, 'nor does leaving');
  await c.start();
  await c.ask(QUESTION);
  const {session, ...others} = await kept(page);
  assert.deepEqual({...others, session: '{}'}, NOTHING);
  assert.deepEqual(Object.keys(JSON.parse(session)), [`faq-chat ${FAQD}/`]);
  await c.host.evaluate((host) => host.clear());
  assert.deepEqual(await kept(page), NOTHING, 'clear wipes all');
  await page.reload();
  assert.deepEqual(await kept(page), NOTHING);
  await unharmed(page);
}

// What leaves the browser: the question, the state, a number; no page address, no referrer, no cookie.
export async function sent() {
  const page = await open(undefined, {path: '/secret-page?patient=1'});
  await page.context().addCookies([{name: 'id', value: 'x', url: FAQD}]);
  const c = chat(page);
  await c.start();
  await c.ask(QUESTION);
  await c.ask('et pour les rides ?');
  const asked = page.watch.requests.filter((request) => request.url() === FAQD + '/v1/ask');
  const own = page.watch.requests.filter((request) => request.url().startsWith(FAQD + '/v1/'));
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[0].postDataJSON(), {text: QUESTION, state: '1;l=fr;a=0', idle: 0});
  const {text, state, idle, ...rest} = asked[1].postDataJSON();
  assert.deepEqual([text, rest], ['et pour les rides ?', {}]);
  assert.match(state, /^1;/);
  assert.ok(idle >= 0 && idle < 60);
  const keys = asked.map((request) => request.headers()['idempotency-key']);
  assert.notEqual(keys[0], keys[1]);
  for (const request of own) {
    const all = await request.allHeaders();
    assert.equal(all.cookie, undefined);
    assert.equal(all.referer, undefined);
    assert.ok(!JSON.stringify(all).includes('secret-page'));
  }
}

// A follow-up leans on the turn before, also on the next page, and not after half an hour.
export async function conversation() {
  const page = await open(undefined, {csp: ''});
  const c = chat(page);
  await c.start();
  await c.ask('combien de séances ?');
  assert.match(await (await c.ask('et pour la cellulite ?')).textContent(), /12 séances/);
  await page.reload();
  await c.users.nth(1).waitFor();
  assert.equal(await c.panel.isVisible(), true, 'it is open on the next page, too');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'and takes no focus');
  assert.equal(await c.users.count(), 2);
  assert.equal(await c.answers.count(), 3);
  assert.equal(await c.host.locator('.vote').count(), 0, 'a vote is offered once');
  await page.keyboard.press('Tab');
  await c.host.locator('[title=Fermer]').click();
  await page.reload();
  await c.launcher.waitFor();
  assert.equal(await c.panel.isVisible(), false, 'closed stays closed');
  await page.route('**/elsewhere', (route) => route.fulfill({contentType: 'text/html', body: '<title>elsewhere</title>'}));
  await page.goto(SITE + '/elsewhere');
  await page.evaluate(() => {
    const [key, value] = Object.entries(sessionStorage)[0];
    const list = JSON.parse(value);
    list[0] = String(Date.now() - 31 * 60e3);
    sessionStorage.setItem(key, JSON.stringify(list));
  });
  await page.goto(SITE);
  await c.launcher.waitFor();
  assert.equal(await c.users.count(), 0, 'old talk is forgotten');
}

export async function persistNone() {
  const page = await open(snippet('lang="fr" persist="none"'));
  const c = chat(page);
  await c.start();
  await c.ask(QUESTION);
  assert.deepEqual(await kept(page), NOTHING);
  await page.reload();
  assert.equal(await c.users.count(), 0);
}

export async function languages() {
  for (const [attributes, locale, lang, label] of [['lang="fr-CA"', 'en', 'fr', 'Votre question'], ['lang="en"', 'fr', 'en', 'Your question'],
    ['', 'en', 'fr', 'Votre question'], ['lang="de"', 'fr', 'en', 'Your question']]) {
    const page = await open(snippet(attributes), {locale});
    const c = chat(page);
    await c.start();
    assert.equal(await c.input.getAttribute('placeholder'), label, attributes);
    assert.equal(await c.answers.first().getAttribute('lang'), lang);
  }
}

// In the language of the page, unless the visitor writes in the other one.
export async function visitorsLanguage() {
  const page = await open(snippet('lang="en"'));
  const c = chat(page);
  await c.start();
  for (const [text, lang] of [['cellulite', 'en'], ['combien de séances pour la cellulite ?', 'fr'], ['What are the risks?', 'en']]) {
    assert.equal(await (await c.ask(text)).getAttribute('lang'), lang, text);
    await c.host.evaluate((host) => host.clear());
  }
}

export async function labels() {
  const page = await open(snippet('lang="en" heading="Ask the clinic"').replace('Poser une question', 'Any doubt?'));
  const c = chat(page);
  await c.start();
  assert.equal(await page.getByRole('dialog', {name: 'Ask the clinic'}).count(), 1);
  assert.match(await c.launcher.textContent(), /^\s*Any doubt\?$/);
}

export async function privacyLink() {
  const page = await open(snippet('lang="fr" privacy="/confidentialite"'));
  const c = chat(page);
  await c.start();
  const link = c.host.getByRole('link', {name: /Confidentialité/});
  assert.equal(await link.getAttribute('href'), '/confidentialite');
  assert.match(await c.input.evaluate((input) => input.getRootNode().getElementById(input.getAttribute('aria-describedby')).textContent), /Pas de données de santé/);
  const without = await open();
  await chat(without).start();
  assert.equal(await chat(without).host.getByRole('link').count(), 0);
}

export async function themes() {
  const background = async (attributes, options) => {
    const page = await open(snippet(attributes), options);
    await chat(page).launcher.click();
    return chat(page).panel.evaluate((panel) => getComputedStyle(panel).backgroundColor);
  };
  const light = await background('');
  const dark = await background('', {colorScheme: 'dark'});
  assert.notEqual(light, dark);
  assert.equal(await background('theme="dark"'), dark);
  assert.equal(await background('theme="light"', {colorScheme: 'dark'}), light);
  assert.equal(await background('theme="auto"', {colorScheme: 'dark'}), dark);
}

// The variables and parts by which a site gives it its own look.
export async function looks() {
  const page = await open(`<style>faq-chat {--fc-accent: rgb(120, 20, 20); --fc-bg: rgb(255, 250, 240); --fc-width: 320px; --fc-height: 500px; --fc-radius: 2px;
    --fc-gap: 40px; --fc-size: 18px; --fc-font: monospace} faq-chat::part(user) {text-transform: uppercase}</style>` + snippet(), {csp: ''});
  const c = chat(page);
  await c.start();
  await c.ask(QUESTION);
  const style = (part, name) => c.host.locator(part).first().evaluate((e, name) => getComputedStyle(e)[name], name);
  assert.equal(await style('.launcher', 'backgroundColor'), 'rgb(120, 20, 20)');
  assert.equal(await style('.panel', 'backgroundColor'), 'rgb(255, 250, 240)');
  assert.equal(await style('.panel', 'width'), '320px');
  assert.equal(await style('.panel', 'height'), '500px');
  assert.equal(await style('.panel', 'borderRadius'), '2px');
  assert.equal(await style('.launcher', 'right'), '40px');
  assert.equal(await style('.bot', 'fontSize'), '18px');
  assert.equal(await style('.bot', 'fontFamily'), 'monospace');
  assert.equal(await style('.user', 'textTransform'), 'uppercase');
  const parts = await c.host.evaluate((host) => [...host.shadowRoot.querySelectorAll('[part]')].flatMap((e) => [...e.part]));
  for (const part of ['launcher', 'panel', 'header', 'log', 'user', 'bot', 'sources', 'send', 'note', 'vote']) assert.ok(parts.includes(part), part);
}

export async function eventsAndMethods() {
  const page = await open(snippet(), {csp: ''});
  await chat(page).launcher.waitFor();
  await page.evaluate(() => {
    self.events = [];
    for (const name of ['open', 'close', 'answer', 'error']) document.addEventListener('faqchat:' + name, (e) => events.push([name, e.detail, e.target.localName]));
    self.host = document.querySelector('faq-chat');
  });
  const events = () => page.evaluate(() => events.splice(0));
  await page.evaluate(() => host.open());
  await page.evaluate(() => host.open());
  assert.deepEqual(await events(), [['open', null, 'faq-chat']], 'open() twice opens once');
  const answer = await page.evaluate((text) => host.ask(text), QUESTION);
  assert.equal(answer.id, 'mesotherapy/session_count/cellulite');
  assert.deepEqual(await events(), [['answer', {id: answer.id, outcome: 'answer', lang: 'fr'}, 'faq-chat']]);
  assert.ok(!JSON.stringify(answer).includes(QUESTION), 'what was typed is not echoed');
  await page.evaluate(() => host.close());
  assert.equal(await page.evaluate(() => host.hasAttribute('open')), false);
  await page.evaluate(() => host.ask('Est-ce que ça fait mal ?'));
  assert.equal(await page.evaluate(() => host.hasAttribute('open')), true, 'ask() opens');
  assert.deepEqual((await events()).map(([name]) => name), ['close', 'open', 'answer']);
  await page.evaluate(() => host.clear());
  assert.equal(await chat(page).users.count(), 0);
  assert.equal(await page.evaluate(() => host.ask('  ')), null);
  await page.route('**/v1/ask', (route) => route.fulfill({status: 422, body: '{}'}));
  assert.equal(await page.evaluate(() => host.ask('x')), null);
  assert.deepEqual((await events()).map(([name, detail]) => [name, detail]), [['error', {fault: 'refused'}]]);
}

export async function openAttribute() {
  const page = await open(snippet('lang="fr" open'));
  const c = chat(page);
  await c.answers.first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'no focus is taken on load');
  await c.host.evaluate((host) => host.removeAttribute('open'));
  assert.equal(await c.panel.isVisible(), false);
}

export async function inline() {
  const page = await open(`<p>avant</p>${snippet('lang="fr" inline')}<p id="after">après</p>`);
  const c = chat(page);
  await c.answers.first().waitFor();
  assert.equal(await c.launcher.count(), 0);
  assert.equal(await c.host.locator('[title=Fermer]').count(), 0);
  assert.equal(await c.panel.getAttribute('role'), 'region');
  const [a, b] = [await c.panel.boundingBox(), await page.locator('#after').boundingBox()];
  assert.ok(a.y + a.height <= b.y, 'it stands in the flow of the page');
  await c.ask(QUESTION);
  await page.keyboard.press('Escape');
  assert.equal(await c.panel.isVisible(), true);
  assert.equal(await page.evaluate(() => scrollY), 0, 'an answer does not move the page');
}

export async function endpoint() {
  const page = await open(snippet(`lang="fr" endpoint="${FAQD}"`).replace(/src="[^"]*"/, `src="${SITE}/copy.js"`), {csp: ''});
  await page.route('**/copy.js', async (route) => route.fulfill({contentType: 'text/javascript; charset=utf-8', body: await (await fetch(FAQD + '/faq-chat.js')).text()}));
  await page.reload();
  const c = chat(page);
  await c.start();
  assert.match(await (await c.ask(QUESTION)).textContent(), /12 séances/);
}

// Subresource integrity, as the demonstration's snippet may ask for.
export async function integrity() {
  const body = Buffer.from(await (await fetch(FAQD + '/faq-chat.js')).arrayBuffer());
  const hash = Buffer.from(await crypto.subtle.digest('SHA-384', body)).toString('base64');
  const page = await open(snippet().replace('defer', `integrity="sha384-${hash}" crossorigin defer`));
  await chat(page).start();
  await unharmed(page);
}

// A phone: it fills the screen, follows the keyboard, does not zoom, and opens without calling the keyboard.
export async function phone() {
  const page = await open(undefined, {viewport: {width: 360, height: 740}, isMobile: true, hasTouch: true});
  const c = chat(page);
  await c.launcher.tap();
  await c.answers.first().waitFor();
  const box = await c.panel.boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 360, 740]);
  assert.equal(await c.launcher.isVisible(), false);
  assert.equal(await c.input.evaluate((input) => input.getRootNode().activeElement === input), false, 'the keyboard is not called');
  assert.ok(await c.input.evaluate((input) => parseFloat(getComputedStyle(input).fontSize)) >= 16, 'smaller text would zoom the page');
  await c.picks.first().tap();
  await c.answers.nth(1).waitFor();
  await page.evaluate(() => {
    Object.defineProperty(visualViewport, 'height', {get: () => 400});
    visualViewport.dispatchEvent(new Event('resize'));
  });
  assert.equal((await c.panel.boundingBox()).height, 400, 'the keyboard leaves the input in sight');
  await page.reload();
  await c.launcher.waitFor();
  assert.equal(await c.panel.isVisible(), false, 'the next page is not covered');
}

// An answer is read from its beginning.
export async function longAnswer() {
  const page = await open();
  const c = chat(page);
  await c.start();
  await c.ask('Quels sont les risques ?');
  await until(async () => {
    const [log, user] = [await c.log.boundingBox(), await c.users.first().boundingBox()];
    return user.y >= log.y && user.y < log.y + 40;
  }, 'the question is not at the top of the log');
}

// An origin that is not in the settings gets no answer, and its visitors a sentence and the emergency numbers.
export async function foreignOrigin() {
  const page = await open();
  await page.goto(SITE.replace('127.0.0.1', 'localhost'));
  const c = chat(page);
  await c.launcher.click();
  await c.input.fill(QUESTION);
  await c.send.click();
  await c.errors.waitFor({timeout: 20000});
  assert.match(await c.errors.textContent(), /ne répond pas|112/);
}
