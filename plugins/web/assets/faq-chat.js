// SPDX-License-Identifier: MIT
//
// faq-chat.js - <faq-chat>, the chat window of faqd for any web page: one element, no library.
//
// It works under a policy as strict as default-src 'none' with Trusted Types: styles are a constructed sheet, nodes are made one
// by one, no text is ever read as HTML. It sends what the visitor asked, the state of the conversation and a random number
// against double counting, nothing else. It stores nothing before there is something to keep, then only in sessionStorage.
// The page around may be hostile: its styles end at the shadow root, and what old libraries are known to replace (toJSON,
// Array.from, Object.prototype) is not relied on.
//
// The build takes the comments and the leading blanks away; nothing else stands between this text and the visitor.
(() => {
'use strict';

// Browsers that lack one of these (before Chrome 103, Firefox 101, Safari 16.4) keep the link that stands inside the element.
if (!CSSStyleSheet.prototype.replaceSync || !AbortSignal.timeout || customElements.get('faq-chat')) return;

const TEXTS = {
  fr: {
    title: 'Questions et réponses',
    automatic: 'Réponses automatiques',
    close: 'Fermer',
    clear: 'Effacer la conversation',
    input: 'Votre question',
    send: 'Envoyer',
    note: 'Pas de données de santé ici. ',
    privacy: 'Confidentialité',
    you: 'Vous : ',
    bot: 'Réponse : ',
    urgent: 'Urgence',
    read: 'Compris : ',
    tab: ' (nouvel onglet)',
    useful: 'Réponse utile ?',
    yes: 'Oui',
    no: 'Non',
    thanks: 'Merci !',
    down: 'Le service ne répond pas.',
    busy: 'Trop de questions en ce moment.',
    refused: 'Question refusée : essayez plus court.',
    danger: 'En cas d’urgence, appelez le 15 ou le 112.',
    retry: 'Réessayer',
  },
  en: {
    title: 'Questions and answers',
    automatic: 'Automatic answers',
    close: 'Close',
    clear: 'Clear the conversation',
    input: 'Your question',
    send: 'Send',
    note: 'No health data here, please. ',
    privacy: 'Privacy',
    you: 'You: ',
    bot: 'Answer: ',
    urgent: 'Emergency',
    read: 'Understood: ',
    tab: ' (new tab)',
    useful: 'Useful answer?',
    yes: 'Yes',
    no: 'No',
    thanks: 'Thank you!',
    down: 'The service does not respond.',
    busy: 'Too many questions right now.',
    refused: 'Question refused: try a shorter one.',
    danger: 'In an emergency, call 15 or 112.',
    retry: 'Try again',
  },
};

// Where the window takes the whole screen.
const PHONE = '(max-width:480px),(max-height:480px)';
const DARK = `{--a:var(--fc-accent,#7cc7d6);--at:var(--fc-accent-text,#06262d);--bg:var(--fc-bg,#12191d);--t:var(--fc-text,#e9eff2);
--m:var(--fc-muted,#a9b8c0);--b:var(--fc-bubble,#1f2a30);--l:var(--fc-line,#72828b);--d:#ffb4ab;--db:#3a1412;
--h:var(--fc-header,var(--b));--ht:var(--fc-header-text,var(--t));color-scheme:dark}`;

// Forced colours take the backgrounds away, so what has one has a border, too.
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
:host{all:initial!important;display:contents!important;color-scheme:light;
--a:var(--fc-accent,#0d5c6f);--at:var(--fc-accent-text,#fff);--bg:var(--fc-bg,#fff);--t:var(--fc-text,#172126);
--m:var(--fc-muted,#4d5d66);--b:var(--fc-bubble,#eff4f6);--l:var(--fc-line,#77878f);--d:#a3160c;--db:#fdeceb;--h:var(--fc-header,var(--a));--ht:var(--fc-header-text,var(--at))}
@media(prefers-color-scheme:dark){:host(:not([theme=light]))${DARK}}
:host([theme=dark])${DARK}
:host([inline]){display:block!important}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit;border:0 solid}
.launcher,.panel{font:var(--fc-size,16px)/1.5 var(--fc-font,system-ui,sans-serif);color:var(--t);position:fixed;z-index:var(--fc-z,99999);
inset-block:auto var(--fc-gap,20px);inset-inline:auto var(--fc-gap,20px);box-shadow:0 6px 32px #0004}
:host([position=start]) :is(.launcher,.panel){inset-inline:var(--fc-gap,20px) auto}
button,textarea{min-height:44px;min-width:44px}
button{border-radius:26px;background:none;cursor:pointer;padding:8px 16px}
svg{width:22px;vertical-align:middle;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
.launcher,.send,.user{background:var(--a);color:var(--at);border:1px solid var(--a)}
.launcher{padding:12px 20px}
.panel{margin-bottom:64px;display:flex;flex-direction:column;width:var(--fc-width,400px);height:min(var(--fc-height,640px),100dvh - 104px);
overflow:clip;background:var(--bg);border:1px solid var(--l);border-radius:var(--fc-radius,16px)}
:host([inline]) .panel{position:relative;inset:0;margin:0;width:auto;box-shadow:none}
.header{background:var(--h);color:var(--ht);border-bottom:1px solid var(--b);display:flex;align-items:center;padding:8px;padding-inline-start:16px;line-height:1.3}
.header div{flex:1}
h2,h3,.alert,.urgent a,.launcher{font-weight:700}
small,.note,.read,.sources,.vote{font-size:.875em}
.header button,.send{padding:0}
.header :focus-visible{outline-color:var(--ht)}
.log,.panel{outline-offset:-3px}
.log{position:relative;flex:1;overflow:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:12px}
.user,.bot{border:1px solid var(--b);border-radius:16px;padding:10px 14px;align-self:start;background:var(--b);overflow-wrap:anywhere}
.user{align-self:end;max-width:85%;background:var(--a);white-space:pre-wrap}
.bot>*+*{margin-top:8px}
.hide+*{margin:0!important}
ul{padding-inline-start:20px}
sup{vertical-align:super;line-height:0;font-size:.75em;margin-inline-start:2px}
.notice{border-inline-start:3px solid var(--l);padding-inline-start:10px}
.read,.sources,.vote,.note,sup{color:var(--m)}
.sources{list-style:none;padding:8px 0 0;border-top:1px dotted var(--l)}
.sources a,.note a{display:inline-block;padding:12px 0}
.urgent{background:var(--db);border:2px solid var(--d);border-inline-start-width:8px}
h3{color:var(--d)}
.alert{font-size:1.125em}
.error{border-color:var(--d)}
.picks,.vote{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.pick{border:1px solid var(--a);text-align:start;line-height:1.35}
.pick:hover,[aria-pressed=true]{background:var(--a);color:var(--at)}
.dots{letter-spacing:4px}
form{display:flex;gap:8px;align-items:end;padding:0 12px 12px}
textarea{flex:1;max-height:8em;padding:9px 16px;border:1px solid var(--l);border-radius:24px;
background:var(--bg);resize:none;field-sizing:content;font-size:max(16px,1em)}
textarea:focus{outline-offset:-1px}
::placeholder{color:var(--m);opacity:1}
.note{padding:4px 20px 6px;border-top:1px solid var(--b)}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media${PHONE}{:host(:not([inline])) .panel{inset:var(--vt,0) 0 auto!important;margin:0;width:auto;height:var(--vh,100dvh);border:0;border-radius:0}
:host([open]) .launcher{display:none}}
@media(max-height:400px){.panel{display:block;overflow:auto}.log{overflow:visible}form{position:sticky;bottom:0;background:var(--bg)}}
@media(prefers-reduced-motion:no-preference){.panel,.log>*{animation:in .2s}@keyframes in{0%{opacity:0;transform:translateY(8px)}}}
`);

const make = (tag, name, attributes, ...children) => {
  const made = document.createElement(tag);
  if (name) made.className = made.part = name;
  for (const key of Object.keys(attributes)) {
    if (attributes[key].call) made[key] = attributes[key];
    else made.setAttribute(key, attributes[key]);
  }
  for (const child of children) made.appendChild(child.nodeType ? child : document.createTextNode(child));
  return made;
};

const icon = (d) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = svg.appendChild(document.createElementNS(svg.namespaceURI, 'path'));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', true);
  path.setAttribute('d', d);
  return svg;
};

// Not while an input method is at work; Shift+Enter is for a new line.
const on = (key, act) => (e) => {
  if (e.key === key && !e.shiftKey && !e.isComposing) act(e);
};

// JSON.stringify asks toJSON of strings and arrays, which old libraries define wrongly.
const quote = (text) => '"' + text.replace(/["\\\x00-\x1f]/g, (c) => '\\u' + (c.charCodeAt() + 65536).toString(16).slice(1)) + '"';

// crypto.randomUUID is missing on pages without https.
const random = () => [...crypto.getRandomValues(new Uint32Array(4))].map((word) => word.toString(36)).join('');

// The numbers of an emergency answer can be called with one touch; 114 is for text messages.
const callable = (text) => text.split(/\b(15|112|114|3114)\b/).map((part, i) =>
  i % 2 ? make('a', '', {href: (part === '114' ? 'sms:' : 'tel:') + part}, part) : part);

const HERE = document.currentScript && document.currentScript.src || location.href;
const RETRIES = 3;
// Milliseconds: for one try, and until the server's side of a conversation is forgotten.
const PATIENCE = 8000;
const FORGET = 18e5;

// The conversation of one element. Returns what is to be done when its attribute `open` has changed.
const chat = (host, root) => {
  const attribute = (name) => host.getAttribute(name) || '';
  const lang = /^fr/i.test(attribute('lang') || document.documentElement.lang || navigator.language) ? 'fr' : 'en';
  const t = TEXTS[lang];
  const isOpen = () => host.hasAttribute('open');
  const inline = host.hasAttribute('inline');
  const base = new URL((attribute('endpoint') || new URL('.', HERE).href).replace(/\/?$/, '/'), location.href);
  const kept = attribute('persist') !== 'none';
  const place = 'faq-chat ' + base + host.id;
  // Welcome and answers as the server sent them: question, answer, question, ...
  let welcome = '', turns = [], failed = '', state = '', at = 0, busy, opener;

  // ---- the window ----

  const button = (name, label, onclick, ...children) => make('button', name, {type: 'button', onclick, ...label && {title: label}}, ...children);
  const link = (href, text) => make('a', '', {href, target: '_blank', rel: 'noreferrer'}, text, make('span', 'hide', {lang}, t.tab));
  const launcher = button('launcher', '', () => isOpen() ? close() : enter(launcher),
    icon('M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12z'), ' ' + (host.textContent.trim() || t.input));
  const log = make('div', 'log', {role: 'region', tabindex: 0, 'aria-label': 'Conversation'});
  const submit = (e) => {
    e.preventDefault();
    const text = input.value;
    if (busy || !text.trim()) return;
    input.value = '';
    ask(text);
  };
  const input = make('textarea', '', {rows: 1, dir: 'auto', placeholder: t.input, 'aria-label': t.input, 'aria-describedby': 'note', enterkeyhint: 'send',
    onkeydown: on('Enter', submit)});
  const panel = make('div', 'panel', {id: 'panel', role: inline ? 'region' : 'dialog', tabindex: -1, lang, 'aria-labelledby': 'title',
    onkeydown: on('Escape', () => close())},
    make('div', 'header', {}, make('div', '', {dir: 'auto'}, make('h2', '', {id: 'title'}, attribute('heading') || t.title), make('small', '', {}, t.automatic)),
      button('', t.clear, () => clear(), icon('M4 4v5h5M4.5 9a8 8 0 1 1-.4 4')),
      inline ? '' : button('', t.close, () => close(), icon('M6 6l12 12M18 6L6 18'))),
    log,
    make('p', 'note', {id: 'note', dir: 'auto'}, t.note, attribute('privacy') ? link(attribute('privacy'), t.privacy) : ''),
    make('form', '', {onsubmit: submit}, input, make('button', 'send', {title: t.send}, icon('M12 19V5M6 11l6-6 6 6'))));
  const polite = make('div', 'hide', {role: 'status'});
  const urgent = make('div', 'hide', {role: 'alert'});
  root.adoptedStyleSheets = [SHEET];
  for (const each of [inline ? '' : launcher, panel, polite, urgent]) each && root.appendChild(each);

  // Make the window what the attribute says. When it opens, the server is asked for the first time.
  const sync = () => {
    const open = inline || isOpen();
    launcher.setAttribute('aria-expanded', open);
    panel.hidden = !open;
    if (open && !welcome) greet();
  };

  // On a touch screen the focus would call the keyboard, which hides what there is to read.
  const focus = (otherwise) => {
    const target = matchMedia('(pointer:coarse)').matches ? otherwise : input;
    if (target) target.focus();
  };

  const enter = (from) => {
    opener = from;
    host.setAttribute('open', '');
    save();
    focus(panel);
  };

  const close = () => {
    const inside = root.activeElement;
    host.removeAttribute('open');
    save();
    if (inside && !inline) (opener && opener.isConnected ? opener : launcher).focus();
  };

  const wipe = () => {
    turns = [];
    state = failed = input.value = '';
    busy = 0;
    while (log.firstChild) log.firstChild.remove();
  };

  const clear = () => {
    wipe();
    if (welcome) hello();
    save();
    focus();
  };

  const tell = (name, detail) => host.dispatchEvent(new CustomEvent('faqchat:' + name, {bubbles: true, composed: true, detail}));

  // The log itself is not live, or each change would be read again. What is said is taken away when it has been heard.
  const announce = (region, text, lang) => {
    const said = region.appendChild(make('div', '', {lang}, text));
    setTimeout(() => said.remove(), 1000);
  };

  // ---- the conversation ----

  const request = (path, body, key) => fetch(new URL('v1/' + path, base), {
    method: body ? 'POST' : 'GET', body, headers: body && {'Content-Type': 'application/json', 'Idempotency-Key': key},
    credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(PATIENCE),
  });

  // [the reply], or [, what is wrong]. A server that is out of reach or busy is asked again, with the same key.
  const post = async (body, key, wanted) => {
    let fault;
    for (let tries = 0; tries <= RETRIES && wanted(); tries++) {
      let pause = 400 << tries;
      fault = 'down';
      try {
        const reply = await request('ask', body, key);
        const raw = await reply.text();
        if (reply.ok && JSON.parse(raw).blocks) return [raw];
        const {status} = reply;
        if (status === 429) fault = 'busy';
        else if (status > 399 && status < 500 && status !== 408) return [, 'refused'];
        pause = reply.headers.get('Retry-After') * 1000 || pause;
        if (pause > 5000) break;
      } catch {
        // Offline, too late, or a reply that is not our server's.
      }
      if (tries < RETRIES) await new Promise((done) => setTimeout(done, pause));
    }
    return [, fault];
  };

  // `sent`: what stands for the text with the server.
  const ask = (text, from = state, sent = text) => {
    if (busy || !text.trim()) return null;
    question(text);
    return attempt(text, from, sent, random());
  };

  const attempt = async (text, from, sent, key) => {
    const mine = busy = {};
    const dots = log.appendChild(make('div', 'bot dots', {'aria-hidden': true}, '•••'));
    const idle = at && Math.round((Date.now() - at) / 1000);
    failed = text;
    scroll();
    const [raw, fault] = await post(`{"text":${quote(sent)},"state":${quote(from)},"idle":${idle}}`, key, () => busy === mine);
    dots.remove();
    if (busy !== mine) return null;
    busy = 0;
    if (fault) return fail(fault, text, from, sent, key);
    const reply = JSON.parse(raw);
    turns.push(text, raw);
    at = Date.now();
    failed = '';
    answer(reply, true);
    save();
    scroll();
    tell('answer', {id: reply.id, outcome: reply.outcome, lang: reply.lang});
    return reply;
  };

  // ---- what is seen of it ----

  const greet = async () => {
    try {
      const raw = await (await request('welcome?lang=' + lang)).text();
      if (welcome || !JSON.parse(raw).starters) return;
      welcome = raw;
      announce(polite, hello(), lang);
    } catch {
      // The window works without; the next opening tries again.
    }
  };

  // Shows the welcome; its text.
  const hello = () => {
    const {first_line, welcome: text, starters, state: begun} = JSON.parse(welcome);
    state = state || begun;
    log.insertBefore(picks(starters, begun), log.firstChild);
    log.insertBefore(make('div', 'bot', {lang}, make('p', '', {dir: 'auto'}, first_line), make('p', '', {dir: 'auto'}, text)), log.firstChild);
    return first_line + ' ' + text;
  };

  const question = (text) => log.appendChild(make('div', 'user', {dir: 'auto'}, make('span', 'hide', {lang}, t.you), text));

  const answer = (reply, now) => {
    const {blocks, sources, corrections, choices, outcome} = reply;
    const danger = outcome === 'emergency';
    const box = make('div', danger ? 'bot urgent' : 'bot', {lang: reply.lang},
      danger ? make('h3', '', {lang}, icon('M12 3L22 20H2zM12 10v4M12 17v.1'), ' ' + t.urgent) : make('span', 'hide', {lang}, t.bot));
    const add = (child) => box.appendChild(child);
    let list;
    state = reply.state;
    if (corrections.length) add(make('p', 'read', {dir: 'auto', lang}, t.read + corrections.map(({from, to}) => from + ' → ' + to).join(', ')));
    for (const {kind, text, sources: ids} of blocks) {
      if (kind === 'choice') continue;
      const item = kind === 'item';
      list = item && (list || add(make('ul', '', {dir: 'auto'})));
      (list || box).appendChild(make(item ? 'li' : 'p', kind, item ? {} : {dir: 'auto'}, ...danger ? callable(text) : [text],
        ...ids.map((id) => make('sup', '', {}, `[${sources.findIndex((source) => source.id === id) + 1}]`))));
    }
    if (choices.length) add(picks(choices.map(({label}) => label), state, true));
    if (sources.length) {
      add(make('ol', 'sources', {role: 'list', dir: 'auto', lang, 'aria-label': 'Sources'}, ...sources.map(({title, url}, i) =>
        make('li', '', {}, `[${i + 1}] `, /^https:\/\//i.test(url) ? link(url, title) : title))));
    }
    log.appendChild(box);
    if (!now) return;
    if (/answer|undoc/.test(outcome)) add(vote(reply));
    announce(danger ? urgent : polite, (danger ? t.urgent + '. ' : '') + blocks.map(({text}) => text).join(' '), reply.lang);
  };

  // Buttons that ask their own text, or, where an answer offers a choice, its number. They stay, and go on from that answer.
  const picks = (labels, from, numbered) => make('div', 'picks', {}, ...labels.map((label, i) => button('pick', '', () => {
    ask(label, from, numbered ? `${i + 1}` : label);
    focus();
  }, numbered ? `${i + 1}. ${label}` : label)));

  const vote = (reply) => {
    const key = random();
    const said = make('span', '', {}, t.useful);
    let done;
    const buttons = [t.yes, t.no].map((label, i) => button('pick', '', async () => {
      if (done) return;
      done = true;
      done = (await request('feedback', `{"id":${quote(reply.id)},"lang":"${reply.lang}","vote":${i ? -1 : 1}}`, key).catch(() => 0)).ok;
      said.textContent = done ? t.thanks : t.down;
      announce(polite, said.textContent, lang);
      if (done) buttons[i].setAttribute('aria-pressed', true);
    }, label));
    return make('div', 'vote', {role: 'group', 'aria-label': t.useful, lang}, said, ...buttons);
  };

  const fail = (fault, text, from, sent, key) => {
    const box = log.appendChild(make('div', 'bot error', {lang}, make('p', '', {}, t[fault]), make('p', '', {}, ...callable(t.danger))));
    if (fault !== 'refused') {
      box.appendChild(button('pick', '', () => {
        if (busy) return;
        box.remove();
        focus();
        attempt(text, from, sent, key);
      }, t.retry));
    } else if (!input.value) input.value = text;
    scroll();
    save();
    announce(urgent, t[fault] + ' ' + t.danger, lang);
    tell('error', {fault});
    return null;
  };

  // The last question at the top: an answer is read from its beginning.
  const scroll = () => {
    const asked = root.querySelectorAll('.user');
    const last = asked[asked.length - 1];
    if (!last) return;
    log.scrollTop = last.offsetTop - 12;
    panel.scrollTop = log.offsetTop + last.offsetTop - 12;
  };

  // ---- what is kept, in this tab, once there is something ----

  const save = () => {
    const draft = failed || input.value;
    if (!kept) return;
    try {
      if (!draft && !turns.length) sessionStorage.removeItem(place);
      else sessionStorage[place] = '[' + [`${at || Date.now()}`, isOpen() ? 'open' : '', draft, welcome, ...turns].map(quote).join() + ']';
    } catch {
      // Storage is switched off or full: the conversation lives as long as the page.
    }
  };

  const restore = () => {
    if (!kept) return;
    try {
      const [when, open, draft, ...rest] = JSON.parse(sessionStorage[place]);
      if (!(Date.now() - when < FORGET)) return;
      at = +when;
      input.value = draft;
      [welcome, ...turns] = rest;
      if (welcome) hello();
      turns.forEach((text, i) => i % 2 ? answer(JSON.parse(text)) : question(text));
      if (open && !matchMedia(PHONE).matches) host.setAttribute('open', '');
      setTimeout(scroll);
    } catch {
      // There is nothing, or nothing of ours.
      welcome = '';
      wipe();
    }
  };

  // The on-screen keyboard of a phone takes its room from what is seen, not from the page.
  visualViewport.addEventListener('resize', () => {
    if (visualViewport.scale < 1.01) SHEET.cssRules[0].style.setProperty('--vh', visualViewport.height + 'px');
  });
  addEventListener('pagehide', save);
  restore();
  sync();
  host.open = () => enter(document.activeElement);
  host.close = close;
  host.clear = clear;
  // The answer's object; null if none came or another question is under way.
  host.ask = async (text) => {
    host.setAttribute('open', '');
    return ask('' + text);
  };
  return (open) => {
    sync();
    tell(open ? 'open' : 'close');
  };
};

customElements.define('faq-chat', class extends HTMLElement {
  static observedAttributes = ['open'];
  #changed;
  connectedCallback() {
    if (!this.#changed) this.#changed = chat(this, this.attachShadow({mode: 'open'}));
  }
  attributeChangedCallback(name, before, now) {
    if (this.#changed && (before === null) !== (now === null)) this.#changed(now !== null);
  }
});
})();
