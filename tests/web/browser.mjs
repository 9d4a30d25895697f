// SPDX-License-Identifier: MIT
//
// browser.mjs - what the browser tests share: Chromium, pages of site owners, and a watch over what the widget does.
//
// A file of tests exports async functions; `node run.mjs FILE` runs them one after the other, each in a browser profile of its
// own. From the environment: FAQD_URL, where faqd serves; SITE_PORT, where the tests serve the pages of a site owner
// (another origin, listed in faqd's settings); CHROMIUM, the browser.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {createRequire} from 'node:module';

const {chromium} = createRequire(process.env.TOOLS + '/')('playwright-core');

export const FAQD = process.env.FAQD_URL;
export const SITE = `http://127.0.0.1:${process.env.SITE_PORT}`;
export const STRICT = `default-src 'none'; script-src 'self' ${FAQD}; connect-src 'self' ${FAQD}; style-src 'none'; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'";
const WAIT = 20000;

export const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage']});

// ---- the site that embeds it ----

let site = {html: '', headers: {}};
const server = createServer((request, response) => {
  if (request.url === '/favicon.ico') return response.writeHead(204).end();
  response.writeHead(200, {'Content-Type': 'text/html; charset=utf-8', ...site.headers});
  response.end(site.html);
});
await new Promise((done) => server.listen(+process.env.SITE_PORT, '127.0.0.1', done));

export const end = async () => {
  server.close();
  server.closeAllConnections();
  await browser.close();
};

export const snippet = (attributes = 'lang="fr"') => `<script src="${FAQD}/faq-chat.js" defer></script>
<faq-chat ${attributes}><a href="${FAQD}/chat?lang=fr">Poser une question</a></faq-chat>`;

const around = (body) => `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Un cabinet</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>Un cabinet</h1><p>Bienvenue.</p></main>${body}</body></html>`;

// Open a page of the site that has `body`, under the strict policy unless `csp` says otherwise. The page comes with .watch: what
// it has asked of which server, what policies were violated, what went to the console, what was said to screen readers.
export async function open(body = snippet(), {csp = STRICT, html, init, path = '/', ...options} = {}) {
  site = {html: html || around(body), headers: csp ? {'Content-Security-Policy': csp} : {}};
  const page = await watched({init, ...options});
  await page.goto(SITE + path);
  return page;
}

// A page that is looked at, nothing loaded yet.
export async function watched({init, ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1100, height: 800}, reducedMotion: 'reduce', ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  page.watch = {requests: [], console: [], errors: []};
  page.on('request', (request) => page.watch.requests.push(request));
  page.on('console', (message) => page.watch.console.push(message.text()));
  page.on('pageerror', (error) => page.watch.errors.push(error.stack));
  await page.addInitScript(() => {
    self.violations = [];
    self.said = [];
    document.addEventListener('securitypolicyviolation', (e) => self.violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sample}`));
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (how) {
      const root = attach.call(this, how);
      new MutationObserver((records) => {
        for (const {target, addedNodes, removedNodes} of records) {
          for (const node of removedNodes) for (const entry of self.said) if (entry.text === node.textContent) entry.gone = performance.now();
          const live = target.getAttribute && (target.getAttribute('aria-live') || {status: 'polite', alert: 'assertive', log: 'polite'}[target.getAttribute('role')]);
          if (live) for (const node of addedNodes) self.said.push({live, text: node.textContent, at: performance.now()});
        }
      }).observe(root, {childList: true, subtree: true});
      return root;
    };
  });
  if (init) await page.addInitScript(init);
  return page;
}

// ---- what a visitor does ----

export const chat = (page, which = 0) => {
  const host = page.locator('faq-chat').nth(which);
  return {
    host,
    launcher: host.locator('.launcher'), panel: host.locator('.panel'), log: host.locator('.log'), input: host.locator('textarea'),
    send: host.locator('.send'), answers: host.locator('.bot:not(.dots):not(.error)'), users: host.locator('.user'),
    errors: host.locator('.error'), picks: host.locator('.log > .picks .pick'),
    // Opens it, with the welcome on the screen.
    async start() {
      await this.launcher.click();
      await this.answers.first().waitFor();
    },
    // Asks by hand; the new answer.
    async ask(text) {
      const before = await this.answers.count();
      await this.input.fill(text);
      await this.input.press('Enter');
      const answer = this.answers.nth(before);
      await answer.waitFor();
      return answer;
    },
  };
};

// Where the focus is, through shadow roots: the accessible name, or the tag.
export const focused = (page) => page.evaluate(() => {
  let at = document.activeElement;
  while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at.getAttribute('aria-label') || at.title || at.getAttribute('aria-labelledby') || (at.tagName === 'BODY' ? 'BODY' : at.textContent.trim());
});

// What may never be, whatever a test did.
export async function unharmed(page, {consoleMayHave} = {}) {
  assert.equal(await page.evaluate(() => self.violations.join('\n')), '', 'content security policy');
  assert.deepEqual(page.watch.errors, [], 'uncaught errors');
  const noise = page.watch.console.filter((text) => !(consoleMayHave && consoleMayHave.test(text)));
  assert.deepEqual(noise, [], 'console');
  const strangers = page.watch.requests.map((request) => request.url()).filter((url) => !url.startsWith(FAQD) && !url.startsWith(SITE));
  assert.deepEqual(strangers, [], 'requests to others');
}

const AXE = readFileSync(`${process.env.TOOLS}/node_modules/axe-core/axe.min.js`, 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// axe-core finds nothing on this page.
export async function axe(page, what) {
  await page.evaluate(AXE);
  const {violations, passes} = await page.evaluate((values) => axe.run(document, {runOnly: {type: 'tag', values}}), RULES);
  const list = violations.map(({id, nodes}) => `${id}: ${nodes.map(({target, failureSummary}) => `${target} ${failureSummary}`).join('; ')}`);
  assert.deepEqual(list, [], what);
  assert.ok(passes.length > 10, `${what}: axe has looked at next to nothing`);
}

// What the page keeps, all kinds together.
export const kept = (page) => page.evaluate(async () => ({
  local: JSON.stringify(localStorage) + document.cookie, session: JSON.stringify(sessionStorage),
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
}));
export const NOTHING = {local: '{}', session: '{}', databases: 0, caches: 0};

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function until(condition, what) {
  for (let end = Date.now() + WAIT; Date.now() < end; await sleep(20)) if (await condition()) return;
  assert.fail(what);
}

// The server's own answer, as the widget is to show it.
export async function askServer(text, more = {}) {
  const reply = await fetch(FAQD + '/v1/ask', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({text, ...more})});
  assert.equal(reply.status, 200);
  return reply.json();
}
