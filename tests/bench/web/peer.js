// SPDX-License-Identifier: MIT
//
// peer.js - the peer: nlp.js behind Node's own http server, answering POST /v1/ask with what it takes for the intent.
//
//     node peer.js MODULES PACK MODEL PORT
//
// It learns every French question of the pack's intents, once: what it learnt is kept in MODEL. It says no more than the
// intent and the statements' text, checks nothing and limits nobody.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');

const [modules, pack, model, port] = process.argv.slice(2);
const from = name => require(require.resolve(name, { paths: [modules] }));
const { containerBootstrap } = from('@nlpjs/core');
const { Nlp } = from('@nlpjs/nlp');
const { LangFr } = from('@nlpjs/lang-fr');

const intents = fs.readdirSync(pack).filter(name => name.endsWith('.json'))
  .flatMap(name => JSON.parse(fs.readFileSync(path.join(pack, name), 'utf8')).intents || []);

async function start() {
  const container = await containerBootstrap();
  container.use(Nlp);
  container.use(LangFr);
  const nlp = container.get('nlp');
  nlp.settings.autoSave = false;
  nlp.settings.log = false;
  nlp.addLanguage('fr');
  if (fs.existsSync(model)) {
    nlp.import(fs.readFileSync(model, 'utf8'));
  } else {
    for (const intent of intents) for (const ask of intent.fr.ask) nlp.addDocument('fr', ask, intent.id);
    const log = console.log;
    console.log = () => {}; // it tells of every epoch
    await nlp.train();
    console.log = log;
    fs.writeFileSync(model, nlp.export(true));
  }
  http.createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', async () => {
      const { text } = JSON.parse(Buffer.concat(parts).toString());
      const { intent, score } = await nlp.process('fr', text);
      const body = JSON.stringify({ id: intent, lang: 'fr', outcome: 'answer', score });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    });
  }).listen(Number(port), '127.0.0.1', () => console.error(`web_listening: http://127.0.0.1:${port}`));
}

start();
