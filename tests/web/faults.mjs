// SPDX-License-Identifier: MIT
//
// faults.mjs - no network, no server, a busy one, a slow one: at most three more tries with the same key, then a button; what the
// visitor typed is there to the end, and no question is answered twice.
import assert from 'node:assert/strict';
import {chat, open, sleep, until, unharmed} from './browser.mjs';

const QUESTION = 'combien de séances pour la cellulite ?';
const NETWORK = /Failed to load resource/;

// A page whose questions meet `answer(route, number)` on the way to the server. It comes with .keys, those of each try.
async function behind(answer, options) {
  const page = await open(undefined, options);
  page.keys = [];
  await page.route('**/v1/ask', (route) => {
    page.keys.push(route.request().headers()['idempotency-key']);
    return answer(route, page.keys.length);
  });
  const c = chat(page);
  await c.start();
  return {page, c};
}

const submit = async (c, text = QUESTION) => {
  await c.input.fill(text);
  await c.send.click();
};

const status = (code, headers = {}) => (route) => route.fulfill({status: code, headers, contentType: 'application/problem+json', body: '{}'});

// Asked four times with one key, then the button; with the server back, the button gets the one answer with the same key.
async function untilTheButton(answer, text, tries = 4) {
  let broken = true;
  const {page, c} = await behind((route, n) => broken ? answer(route, n) : route.continue());
  await submit(c);
  await c.errors.waitFor({timeout: 40000});
  assert.match(await c.errors.textContent(), text);
  assert.match(await c.errors.textContent(), /15 ou le 112/, 'somebody in danger is told where to turn');
  assert.match(await c.users.last().textContent(), /combien de séances/, 'what was typed is still there');
  assert.equal(page.keys.length, tries);
  broken = false;
  await c.errors.getByRole('button', {name: 'Réessayer'}).click();
  await c.answers.nth(1).waitFor();
  assert.equal(await c.errors.count(), 0);
  assert.equal(await c.users.count(), 1);
  assert.equal(await c.answers.count(), 2);
  assert.equal(new Set(page.keys).size, 1, 'one question has one key');
  assert.match(page.keys[0], /^[A-Za-z0-9_-]{16,64}$/);
  await unharmed(page, {consoleMayHave: NETWORK});
}

export const offline = () => untilTheButton((route) => route.abort('internetdisconnected'), /ne répond pas/);
export const unavailable = () => untilTheButton(status(503), /ne répond pas/);
export const tooMany = () => untilTheButton(status(429), /Trop de questions/);
export const notOurServer = () => untilTheButton((route) => route.fulfill({contentType: 'text/html', body: '<p>Log in to the hotel network'}), /ne répond pas/);
export const longRetryAfter = () => untilTheButton(status(503, {'Retry-After': '120', 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After'}), /ne répond pas/, 1);

export async function healsByItself() {
  const {page, c} = await behind((route, n) => n < 3 ? route.abort() : route.continue());
  await submit(c);
  await c.answers.nth(1).waitFor();
  assert.equal(page.keys.length, 3);
  assert.equal(new Set(page.keys).size, 1);
  assert.equal(await c.errors.count(), 0);
  assert.equal(await c.host.locator('.dots').count(), 0);
}

export async function retryAfterIsKept() {
  const at = [];
  const {c} = await behind((route, n) => {
    at.push(Date.now());
    const headers = {'Retry-After': '2', 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After'};
    return n === 1 ? route.fulfill({status: 429, headers, body: '{}'}) : route.continue();
  });
  await submit(c);
  await c.answers.nth(1).waitFor();
  assert.ok(at[1] - at[0] >= 1900, `tried again after ${at[1] - at[0]} ms`);
}

// A server that says nothing: each try is cut after 8 s. The clock is the test's.
export async function silence() {
  const page = await open();
  let tries = 0;
  await page.addInitScript(() => {
    AbortSignal.timeout = (milliseconds) => {
      self.patience = milliseconds;
      const cut = new AbortController();
      setTimeout(() => cut.abort(new DOMException('', 'TimeoutError')), milliseconds / (self.hurry || 1));
      return cut.signal;
    };
  });
  await page.reload();
  await page.route('**/v1/ask', () => { tries++; });
  const c = chat(page);
  await c.start();
  await page.evaluate(() => { self.hurry = 20; });
  await submit(c);
  await c.errors.waitFor();
  assert.equal(tries, 4);
  assert.equal(await page.evaluate(() => self.patience), 8000);
}

// A reply that comes after its question was cleared away is not shown.
export async function lateReply() {
  let release;
  const {page, c} = await behind(async (route) => {
    await new Promise((go) => { release = go; });
    await route.continue();
  });
  await submit(c);
  await until(() => release, 'no request');
  await c.host.locator('[title^=Effacer]').click();
  release();
  await page.unrouteAll({behavior: 'ignoreErrors'});
  await c.ask('Est-ce que ça fait mal ?');
  await sleep(500);
  assert.equal(await c.answers.count(), 2);
  assert.equal(await c.users.count(), 1);
}

// What our server refuses is not tried again, and the text comes back to be changed.
export async function refused() {
  const {page, c} = await behind(status(413));
  await submit(c);
  await c.errors.waitFor();
  assert.match(await c.errors.textContent(), /essayez plus court/);
  assert.equal(await c.errors.getByRole('button').count(), 0);
  assert.equal(await c.input.inputValue(), QUESTION);
  assert.equal(page.keys.length, 1);
}

export async function reallyTooLong() {
  const {c} = await behind((route) => route.continue());
  const text = 'Une longue histoire. '.repeat(600);
  await submit(c, text);
  await c.errors.or(c.answers.nth(1)).waitFor();
  const seen = await c.errors.count() ? await c.errors.textContent() : await c.answers.nth(1).textContent();
  assert.match(seen, /court|long/);
  assert.match(seen, /112/);
}

// While one question is under way the next one stays in the input.
export async function oneAtATime() {
  let release;
  const {page, c} = await behind(async (route, n) => {
    if (n === 1) await new Promise((go) => { release = go; });
    await route.continue();
  });
  await submit(c);
  await until(() => release, 'no request');
  await submit(c, 'Est-ce que ça fait mal ?');
  assert.equal(await c.input.inputValue(), 'Est-ce que ça fait mal ?');
  assert.equal(page.keys.length, 1);
  release();
  await c.answers.nth(1).waitFor();
  await c.send.click();
  await c.answers.nth(2).waitFor();
  assert.notEqual(page.keys[0], page.keys[1]);
}

// The page goes while a question has no answer, or while one is being typed: both come back in the input.
export async function nothingTypedIsLost() {
  const {page, c} = await behind((route) => route.abort());
  await submit(c);
  await c.errors.waitFor({timeout: 20000});
  await page.reload();
  assert.equal(await c.input.inputValue(), QUESTION);
  await c.input.fill('à moitié écr');
  await page.reload();
  assert.equal(await c.input.inputValue(), 'à moitié écr');
}

export async function welcomeFails() {
  const page = await open();
  let broken = true;
  await page.route('**/v1/welcome*', (route) => broken ? route.abort() : route.continue());
  const c = chat(page);
  await c.launcher.click();
  await c.input.waitFor();
  const answer = (await c.ask(QUESTION), c.answers.first());
  assert.match(await answer.textContent(), /12 séances/, 'it answers without a welcome');
  broken = false;
  await page.keyboard.press('Escape');
  await c.launcher.click();
  await c.picks.first().waitFor();
}

// A vote that gets nowhere says so, can be cast again, and counts once.
export async function votesOnce() {
  const {page, c} = await behind((route) => route.continue());
  const votes = [];
  let broken = true;
  await page.route('**/v1/feedback', (route) => {
    votes.push(route.request());
    return broken ? route.abort('blockedbyclient') : route.continue();
  });
  const answer = await c.ask(QUESTION);
  const yes = answer.getByRole('button', {name: 'Oui'});
  await yes.click();
  await until(async () => /ne répond pas/.test(await answer.locator('.vote').textContent()), 'a failed vote is not shown');
  broken = false;
  await yes.click();
  await until(async () => /Merci/.test(await answer.locator('.vote').textContent()), 'no thanks');
  assert.equal(await yes.getAttribute('aria-pressed'), 'true');
  await yes.click();
  await answer.getByRole('button', {name: 'Non'}).click();
  await sleep(200);
  assert.equal(votes.length, 2);
  assert.deepEqual(votes[1].postDataJSON(), {id: 'mesotherapy/session_count/cellulite', lang: 'fr', vote: 1});
  assert.equal(votes[0].headers()['idempotency-key'], votes[1].headers()['idempotency-key']);
}
