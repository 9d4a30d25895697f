// SPDX-License-Identifier: MIT
//
// answers.mjs - the widget and the plain page show what /v1/ask says, word for word and nothing else; sources, choices, corrections
// and emergencies look like what they are.
import assert from 'node:assert/strict';
import {FAQD, askServer, chat, open, snippet, unharmed, watched} from './browser.mjs';

const QUESTIONS = ['Quels sont les risques ?', 'combien de séances pour la cellulite ?', 'c koi la mesotherapie ?', 'ça fait mal et combien ça coûte ?',
  'je suis enceinte', 'Combien coûte le botox ?', 'bonjour', 'mon visage gonfle après la piqûre', 'je veux mourir', 'What can it treat?',
  'mesotherapy during chemo', 'aftercare', '<img src=x onerror=alert(1)>', 'Wie viel kostet das?'];

// What stands in a bubble, without what the widget adds: [{kind, text, marks}].
const shown = (answer) => answer.evaluate((box) => [...box.querySelectorAll(':scope > p:not(.read), :scope > ul > li')].map((line) => {
  const marks = [...line.querySelectorAll('sup')].map((sup) => sup.textContent);
  const copy = line.cloneNode(true);
  copy.querySelectorAll('sup').forEach((sup) => sup.remove());
  return {kind: line.className, text: copy.textContent, marks};
}));

const said = (reply) => reply.blocks.filter(({kind}) => kind !== 'choice').map(({kind, text, sources}) =>
  ({kind, text, marks: sources.map((id) => `[${reply.sources.findIndex((source) => source.id === id) + 1}]`)}));

export async function wordForWord() {
  const page = await open();
  const c = chat(page);
  await c.start();
  const {state} = await (await fetch(FAQD + '/v1/welcome?lang=fr')).json();
  for (const text of QUESTIONS) {
    const reply = await askServer(text, {state});
    await c.host.evaluate((host) => host.clear());
    const answer = await c.ask(text);
    assert.deepEqual(await shown(answer), said(reply), text);
    assert.equal(await answer.getAttribute('lang'), reply.lang);
    assert.deepEqual(await answer.locator('.sources li').allTextContents(), reply.sources.map(({title}, i) => `[${i + 1}] ${title}`));
    assert.deepEqual(await answer.locator('.picks .pick').allTextContents(), reply.choices.map(({label}, i) => `${i + 1}. ${label}`));
    assert.equal(await answer.locator('.read').count(), reply.corrections.length ? 1 : 0);
    for (const {from, to} of reply.corrections) assert.ok((await answer.locator('.read').textContent()).includes(`${from} → ${to}`));
    assert.equal(/urgent/.test(await answer.getAttribute('class')), reply.outcome === 'emergency');
    assert.equal(await answer.locator('.vote').count(), /answer|undocumented/.test(reply.outcome) ? 1 : 0);
    assert.equal(await c.users.last().evaluate((user) => user.lastChild.data), text);
  }
  await unharmed(page);
}

// The same on the page without JavaScript.
export async function plainPage() {
  const page = await watched({javaScriptEnabled: false});
  const {state} = await (await fetch(FAQD + '/v1/welcome?lang=fr')).json();
  for (const text of QUESTIONS) {
    const reply = await askServer(text, {state});
    await page.goto(FAQD + '/chat?lang=fr');
    await page.locator('textarea').fill(text);
    await page.getByRole('button', {name: 'Envoyer'}).click();
    const box = page.locator('.bot');
    const html = await box.innerHTML();
    const plain = (await box.innerText()).replace(/\s*\[\d+\]/g, '').replace(/\s+/g, ' ');
    for (const {text: statement} of said(reply)) assert.ok(plain.includes(statement.replace(/\s+/g, ' ')), `${text}: ${statement}\n${html}`);
    for (const {title} of reply.sources) assert.ok(plain.includes(title), title);
    assert.equal(await page.locator('.picks .pick').count(), reply.choices.length, text);
    assert.equal(/urgent/.test(await box.getAttribute('class')), reply.outcome === 'emergency');
  }
}

// Only https leads out of the widget; anything else stays text.
export async function sourceLinks() {
  const urls = ['https://example.org/a?b=c', 'http://example.org/', 'javascript:alert(1)', ' https://example.org/', 'data:text/html,x', null, '//example.org'];
  const page = await open();
  await page.route('**/v1/ask', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    json.sources = urls.map((url, i) => ({id: `S${i}`, title: `<b>title</b> ${i}`, url}));
    await route.fulfill({response, json});
  });
  const c = chat(page);
  await c.start();
  const answer = await c.ask('Quels sont les risques ?');
  const links = answer.locator('.sources a');
  assert.equal(await links.count(), 1);
  assert.deepEqual(await links.evaluateAll(([a]) => [a.href, a.target, a.rel, a.firstChild.data]), [urls[0], '_blank', 'noreferrer', '<b>title</b> 0']);
  assert.equal(await answer.locator('.sources li').count(), urls.length);
  await unharmed(page);
}

// A choice that was offered is picked by touch, by number and by name; an old one still means what it meant.
export async function choices() {
  const page = await open(snippet('lang="en"'));
  const c = chat(page);
  await c.start();
  const offer = await c.ask('mesotherapy during chemo');
  const [first, second] = await offer.locator('.pick').all();
  await first.click();
  await c.answers.nth(2).waitFor();
  const expected = await askServer('1', {state: (await askServer('mesotherapy during chemo', {lang: 'en'})).state});
  assert.match(expected.outcome, /answer|undocumented/);
  assert.deepEqual(await shown(c.answers.nth(2)), said(expected));
  await c.ask('does it hurt?');
  await second.click();
  await c.answers.nth(4).waitFor();
  const other = await askServer('2', {state: (await askServer('mesotherapy during chemo', {lang: 'en'})).state});
  assert.deepEqual(await shown(c.answers.nth(4)), said(other));
}

// The numbers can be called; nothing else in the text changes.
export async function numbersToCall() {
  const page = await open();
  const c = chat(page);
  await c.start();
  const danger = await c.ask('mon visage gonfle après la piqûre');
  assert.deepEqual(await danger.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href'))), ['tel:15', 'tel:112', 'sms:114']);
  const despair = await c.ask('je veux mourir');
  assert.equal(await despair.locator('a').first().getAttribute('href'), 'tel:3114');
  const price = await c.ask('combien de séances pour la cellulite ?');
  assert.equal(await price.locator('a').count(), 0);
}

// Starter questions are the server's, in the language of the page, and each gets an answer.
export async function starters() {
  for (const lang of ['fr', 'en']) {
    const welcome = await (await fetch(`${FAQD}/v1/welcome?lang=${lang}`)).json();
    assert.ok(welcome.starters.length);
    const page = await open(snippet(`lang="${lang}"`));
    const c = chat(page);
    await c.start();
    assert.deepEqual(await c.picks.allTextContents(), welcome.starters);
    assert.deepEqual(await c.answers.first().locator('p').allTextContents(), [welcome.first_line, welcome.welcome]);
    for (let i = 0; i < welcome.starters.length; i++) {
      await c.picks.nth(i).click();
      await c.answers.nth(i + 1).waitFor();
      assert.equal(await c.answers.nth(i + 1).locator('.vote').count(), 1, welcome.starters[i]);
    }
  }
}
