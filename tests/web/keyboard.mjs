// SPDX-License-Identifier: MIT
//
// keyboard.mjs - the whole conversation without a mouse, and what a screen reader is told of it.
import assert from 'node:assert/strict';
import {chat, focused, open, snippet, sleep, unharmed, until} from './browser.mjs';

const heard = (page) => page.evaluate(() => self.said);

// Press Tab until the focus has this name; a bound, so that a trap is found.
async function tabTo(page, name, key = 'Tab') {
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press(key);
    if (await focused(page) === name) return;
  }
  assert.fail(`${name} is not reached by ${key}; the focus is on ${await focused(page)}`);
}

// An answer of the server with a source that has an address.
async function linkSources(page) {
  await page.route('**/v1/ask', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    json.sources.forEach((source, i) => { source.url = `https://example.org/${i}`; });
    await route.fulfill({response, json});
  });
  await page.context().route('https://example.org/**', (route) => route.fulfill({contentType: 'text/html', body: '<title>source</title>'}));
}

export async function script() {
  const page = await open(snippet('lang="fr" privacy="/confidentialite"'));
  await linkSources(page);
  const c = chat(page);
  await c.launcher.waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Poser une question');
  assert.equal(await c.launcher.getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'Votre question', 'opening moves the focus to the input');
  assert.equal(await c.launcher.getAttribute('aria-expanded'), 'true');
  assert.equal(await c.panel.getAttribute('role'), 'dialog');

  await page.keyboard.type('combien de séances pour la cellulite ?');
  await page.keyboard.press('Enter');
  await c.answers.nth(1).waitFor();
  assert.equal(await focused(page), 'Votre question', 'an answer does not move the focus');

  for (let i = 0; i < 12 && !(await focused(page)).includes('nouvel onglet'); i++) await page.keyboard.press('Shift+Tab');
  assert.match(await focused(page), /nouvel onglet/, 'the privacy link comes before the input');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'Non');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'Oui');
  await page.keyboard.press('Enter');
  await until(async () => (await heard(page)).some(({text}) => text === 'Merci !'), 'the vote is not confirmed');
  assert.equal(await focused(page), 'Oui', 'a vote does not move the focus');
  await page.keyboard.press('Shift+Tab');
  assert.match(await focused(page), /alternative aux médicaments/);
  const [source] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Enter')]);
  assert.equal(source.url(), 'https://example.org/0', 'the source opens beside the page');
  assert.equal(await source.evaluate(() => `${opener} ${document.referrer}`), 'null ', 'and learns nothing about it');
  await source.close();

  await tabTo(page, 'Effacer la conversation', 'Shift+Tab');
  await page.keyboard.press('Space');
  assert.equal(await c.users.count(), 0);
  assert.equal(await c.answers.count(), 1, 'the welcome stays');
  assert.equal(await focused(page), 'Votre question');
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'Poser une question', 'Escape closes and gives the focus back');
  assert.equal(await c.panel.isVisible(), false);
  await unharmed(page);
}

// Neither the closed launcher nor the open window holds the focus.
export async function noTrap() {
  const page = await open('<a href="#a">avant</a>' + snippet() + '<a href="#b">après</a>');
  await chat(page).launcher.waitFor();
  await tabTo(page, 'après');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await chat(page).answers.first().waitFor();
  await tabTo(page, 'après');
  for (let i = 0; i < 30 && await focused(page) !== 'avant'; i++) await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'avant');
}

export async function quickReplyMovesFocusToTheInput() {
  const page = await open();
  const c = chat(page);
  await c.start();
  const label = await c.picks.first().textContent();
  await c.picks.first().focus();
  await page.keyboard.press('Enter');
  await c.answers.nth(1).waitFor();
  assert.equal(await focused(page), 'Votre question');
  assert.match(await c.users.first().textContent(), new RegExp(label.slice(0, 8)), 'the choice is repeated as a message');
  assert.equal(await c.picks.first().isVisible(), true, 'and stays in the log');
}

// A page's own button opens it, and gets the focus back.
export async function openerGetsTheFocusBack() {
  const page = await open('<button id="own">Une question ?</button>' + snippet(), {csp: ''});
  await page.evaluate(() => { own.onclick = () => document.querySelector('faq-chat').open(); });
  await page.locator('#own').focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'Votre question');
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'Une question ?');
}

// Shift+Enter makes a line, Enter of an input method does not send.
export async function enter() {
  const page = await open();
  const c = chat(page);
  await c.start();
  await c.input.focus();
  await page.keyboard.type('un');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('deux');
  assert.equal(await c.input.inputValue(), 'un\ndeux');
  await c.input.evaluate((input) => input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, cancelable: true, bubbles: true})));
  assert.equal(await c.users.count(), 0);
  await page.keyboard.press('Enter');
  await c.answers.nth(1).waitFor();
}

export async function eachAnswerIsAnnouncedOnce() {
  const page = await open();
  const c = chat(page);
  await c.start();
  await c.ask('Quels sont les risques ?');
  await c.ask('combien de séances pour la cellulite ?');
  const said = await heard(page);
  assert.equal(said.length, 3, JSON.stringify(said));
  assert.match(said[0].text, /je ne suis pas médecin/);
  assert.match(said[1].text, /^Entre des mains qualifiées/);
  assert.match(said[2].text, /^Pour la cellulite.* 3 mois\.$/s);
  assert.ok(said.every(({text}) => !/\[\d\]/.test(text)), 'source marks are not read');
  assert.ok(said.every(({live}) => live === 'polite'));
  await sleep(1200);
  assert.equal(await c.host.locator('[role=status]').textContent(), '', 'what was said is taken away');
  assert.equal(await c.log.getAttribute('aria-live'), null);

  // History comes back on the next page in silence.
  await page.reload();
  await c.users.nth(1).waitFor();
  await sleep(300);
  assert.deepEqual(await heard(page), []);
  await c.ask('Est-ce que ça fait mal ?');
  assert.equal((await heard(page)).length, 1);
}

export async function whatIsSaidStaysLongEnough() {
  const page = await open();
  const c = chat(page);
  await c.start();
  await until(() => page.evaluate(() => said[0].gone), 'it is never taken away');
  const stayed = await page.evaluate(() => said[0].gone - said[0].at);
  assert.ok(stayed > 900, `${stayed} ms are too short for a screen reader to take notice`);
}

export async function emergencyIsAnnouncedAtOnce() {
  const page = await open();
  const c = chat(page);
  await c.start();
  const answer = await c.ask('mon visage gonfle après la piqûre');
  const said = (await heard(page)).slice(1);
  assert.equal(said.length, 1);
  assert.equal(said[0].live, 'assertive');
  assert.match(said[0].text, /^Urgence\. .*15.*112/);
  assert.match(await answer.getAttribute('class'), /urgent/);
}
