// SPDX-License-Identifier: MIT
//
// nlpjs.js - nlp.js as both benchmarks use it: bare, in French. It learns examples once; what it learnt is kept in a file.
'use strict';

const fs = require('fs');
const { containerBootstrap } = require('@nlpjs/core');
const { Nlp } = require('@nlpjs/nlp');
const { LangFr } = require('@nlpjs/lang-fr');

async function learn(nlp, examples, file) {
  for (const [intent, example] of examples) nlp.addDocument('fr', example, intent);
  const from = Date.now();
  const log = console.log;
  console.log = () => {}; // it tells of every epoch
  await nlp.train();
  console.log = log;
  const seconds = (Date.now() - from) / 1e3;
  fs.writeFileSync(file, JSON.stringify({ seconds, model: nlp.export(true) }));
  return seconds;
}

// examples: [intent, text] each. How to ask it for {intent, score}, and how many seconds it took to learn.
module.exports = async (examples, file) => {
  const container = await containerBootstrap();
  container.use(Nlp);
  container.use(LangFr);
  const nlp = container.get('nlp');
  nlp.settings.autoSave = false;
  nlp.settings.log = false;
  nlp.addLanguage('fr');
  const ask = text => nlp.process('fr', text);
  if (!fs.existsSync(file)) return { ask, seconds: await learn(nlp, examples, file) };
  const { seconds, model } = JSON.parse(fs.readFileSync(file, 'utf8'));
  nlp.import(model);
  return { ask, seconds };
};
