// SPDX-License-Identifier: MIT
//
// serve.js - nlp.js behind Node's own http server, answering POST /v1/ask with what it takes for the intent.
//
//     node serve.js PACK MODEL PORT
//
// It learns every French question of the pack's intents, once: what it learnt is kept in MODEL. It says no more than the
// intent, checks nothing and limits nobody.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');
const nlpjs = require('./nlpjs');

const [pack, model, port] = process.argv.slice(2);
const intents = fs.readdirSync(pack).filter(name => name.endsWith('.json'))
  .flatMap(name => JSON.parse(fs.readFileSync(path.join(pack, name), 'utf8')).intents || []);

async function start() {
  const { ask } = await nlpjs(intents.flatMap(intent => intent.fr.ask.map(text => [intent.id, text])), model);
  http.createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', async () => {
      const { intent, score } = await ask(JSON.parse(Buffer.concat(parts).toString()).text);
      const body = JSON.stringify({ id: intent, lang: 'fr', outcome: 'answer', score });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    });
  }).listen(Number(port), '127.0.0.1', () => console.error(`web_listening: http://127.0.0.1:${port}`));
}

start();
