// SPDX-License-Identifier: MIT
//
// peers.js - an engine of chatbots, asked what faqd is asked: node peers.js FOLDER rivescript|nlp.js
//
// FOLDER is one that packs.py wrote. RiveScript gets each pattern as a trigger of its own language, nlp.js an example
// of each, in French, to learn from (what it learnt is kept beside the pack). Prints a line of JSON when it is loaded;
// then, for every number that it reads, asks questions from that one on and prints the microseconds that each took.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');

const ROUND_US = 300000;
const MOST = 500; // questions a round, and
const LEAST = 4;

const [folder, name] = process.argv.slice(2);
const plain = file => path.join(folder, 'plain', file);
const read = file => fs.readFileSync(plain(file), 'utf8');
const now = () => Number(process.hrtime.bigint()) / 1e3;

async function rivescript(rules) {
  const RiveScript = require('rivescript');
  const bot = new RiveScript();
  const triggers = rules.map(([intent, trigger, , anchored]) =>
    `+ ${anchored ? '' : '[*] '}${trigger} [*]\n- ${intent}\n`);
  bot.stream(triggers.join('\n') + '\n+ *\n- none\n');
  bot.sortReplies();
  return { ask: async question => bot.reply('somebody', question), seconds: 0 };
}

async function nlp(rules) {
  const { ask, seconds } = await require('./nlpjs')(rules.map(([intent, , example]) => [intent, example]), plain('nlpjs.json'));
  return { ask: async question => (await ask(question)).intent, seconds };
}

const engines = { rivescript, 'nlp.js': nlp };

async function round(ask, questions, first, count) {
  const from = now();
  for (let i = 0; i < count; i++) await ask(questions[(first + i) % questions.length]);
  return (now() - from) / count;
}

// On how many questions it finds an intent of which a pattern matches. found.txt: "QUESTION INTENT..." a line.
async function agreement(ask, questions) {
  const lines = read('found.txt').split('\n').filter(line => line.includes(' ')).slice(0, 100);
  let right = 0;
  const from = now();
  let asked = 0;
  for (const line of lines) {
    const [number, ...intents] = line.split(' ');
    right += intents.includes(await ask(questions[number]));
    asked++;
    if (now() - from > 5e6) break;
  }
  return { right, asked };
}

async function main() {
  const rules = JSON.parse(read('rules.json'));
  const questions = read('questions.txt').trim().split('\n');
  global.gc();
  const before = process.memoryUsage().rss;
  const from = now();
  const { ask, seconds } = await engines[name](rules);
  const load = (now() - from) / 1e6;
  const once = await round(ask, questions, 0, LEAST);
  const count = Math.max(LEAST, Math.min(MOST, Math.floor(ROUND_US / once)));
  const agreed = await agreement(ask, questions);
  global.gc();
  console.log(JSON.stringify({
    name, load_s: load, learn_s: seconds, resident_mb: (process.memoryUsage().rss - before) / 1e6, ...agreed,
  }));
  for await (const line of readline.createInterface({ input: process.stdin }))
    console.log(await round(ask, questions, Number(line), count));
}

main().catch(error => {
  console.error(`peers.js: ${error.message}`);
  process.exit(2);
});
