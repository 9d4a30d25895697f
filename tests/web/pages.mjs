// SPDX-License-Identifier: MIT
//
// pages.mjs - /chat without a script, alone and in a frame, and /demo.
import assert from 'node:assert/strict';
import {FAQD, NOTHING, SITE, askServer, axe, chat, kept, open, unharmed, watched} from './browser.mjs';

const visit = async (path, options) => {
  const page = await watched(options);
  await page.goto(FAQD + path);
  return page;
};

export async function demo() {
  for (const options of [{}, {colorScheme: 'dark'}, {viewport: {width: 320, height: 640}}]) {
    for (const lang of ['fr', 'en']) {
      const page = await visit('/demo?lang=' + lang, options);
      const c = chat(page);
      await c.launcher.waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
      await axe(page, `demo ${lang} ${JSON.stringify(options)}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no sideways scrolling');
      assert.deepEqual(await kept(page), NOTHING);
      await c.start();
      await c.ask(lang === 'fr' ? 'Quels sont les risques ?' : 'What are the risks?');
      await axe(page, `demo ${lang}, open`);
      await unharmed(page);
    }
  }
}

// The snippet that the demonstration shows is one that works.
export async function snippetOfTheDemo() {
  const demo = await visit('/demo?lang=fr');
  const [usual, strict] = await demo.locator('pre').allInnerTexts();
  assert.equal(usual.trim().split('\n').length, 2, 'two lines');
  assert.match(strict, /integrity="sha384-\S{64}"/);
  for (const script of ['', strict]) {
    const page = await open(script ? script + usual.split('\n')[1] : usual);
    const c = chat(page);
    await c.start();
    assert.match(await (await c.ask('combien de séances pour la cellulite ?')).textContent(), /12 séances/);
    await unharmed(page);
  }
}

export async function plainChat() {
  for (const javaScriptEnabled of [false, true]) {
    const page = await visit('/chat?lang=fr', {javaScriptEnabled});
    if (javaScriptEnabled) await axe(page, 'chat');
    assert.equal(await page.locator('script').count(), 0);
    await page.getByLabel('Votre question').fill('combien de séances ?');
    await page.getByRole('button', {name: 'Envoyer'}).click();
    await page.locator('h2').waitFor({state: 'attached'});
    assert.equal(page.url(), FAQD + '/chat', 'the question is in no address');
    assert.ok(!(await page.content()).includes('combien de séances ?'), 'nor on the page');
    if (javaScriptEnabled) await axe(page, 'chat, answered');
    await page.getByLabel('Votre question').fill('et pour la cellulite ?');
    await page.getByRole('button', {name: 'Envoyer'}).click();
    await page.getByText('12 séances.').waitFor();
    await page.getByRole('button', {name: 'Oui'}).click();
    await page.getByText('Merci de votre avis.').waitFor();
    assert.equal(await page.getByRole('button', {name: 'Oui'}).count(), 0, 'one vote');
    await page.getByLabel('Votre question').fill('mon visage gonfle après la piqûre');
    await page.getByRole('button', {name: 'Envoyer'}).click();
    await page.getByRole('heading', {name: 'Urgence'}).waitFor();
    if (javaScriptEnabled) {
      await axe(page, 'chat, emergency');
      await unharmed(page);
      assert.deepEqual(await kept(page), NOTHING);
    }
  }
}

export async function chatInEnglishByKeyboard() {
  const page = await visit('/chat?lang=en', {javaScriptEnabled: false});
  await page.getByRole('link', {name: 'Français'}).click();
  await page.getByRole('link', {name: 'English'}).click();
  await page.getByLabel('Your question').focus();
  await page.keyboard.type('does it hurt?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText(/discomfort/).waitFor();
  await page.getByLabel('Your question').fill('mesotherapy during chemo');
  await page.getByRole('button', {name: 'Send'}).click();
  const expected = await askServer('2', {state: (await askServer('mesotherapy during chemo', {lang: 'en'})).state});
  await page.locator('.pick').nth(1).click();
  await page.getByText(expected.blocks[0].text).waitFor();
}

export async function chatLooks() {
  for (const options of [{colorScheme: 'dark'}, {viewport: {width: 320, height: 256}}, {forcedColors: 'active'}]) {
    const page = await visit('/chat?lang=en', options);
    await axe(page, JSON.stringify(options));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.locator('.pick').first().click();
    await page.locator('h2').waitFor({state: 'attached'});
    await axe(page, `answered ${JSON.stringify(options)}`);
    const small = await page.locator('button, nav a').evaluateAll((all) => all.map((e) => [e.textContent, e.getBoundingClientRect().height]).filter(([, height]) => height < 44));
    assert.deepEqual(small, []);
  }
}

// In a frame of a site that is in the settings, with no script on either side; elsewhere the browser refuses.
export async function frame() {
  const html = (from) => `<!DOCTYPE html><html lang="fr"><title>Un cabinet</title><main><h1>Un cabinet</h1><iframe title="Questions" src="${FAQD}/chat?lang=fr&embed=1" width="380" height="600"></iframe></main></html>`;
  const page = await open('', {html: html(), csp: `default-src 'none'; frame-src ${FAQD}`});
  const inside = page.frameLocator('iframe');
  await inside.getByLabel('Votre question').fill('Est-ce que ça fait mal ?');
  await inside.getByRole('button', {name: 'Envoyer'}).click();
  await inside.getByText(/piqûres superficielles/).waitFor();
  assert.equal(await inside.getByRole('link', {name: 'English'}).count(), 0, 'no page around');
  await unharmed(page);
  await page.goto(SITE.replace('127.0.0.1', 'localhost'));
  assert.equal(await page.frameLocator('iframe').getByLabel('Votre question').count(), 0);
}
