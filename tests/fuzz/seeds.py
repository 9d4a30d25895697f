#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""seeds.py - write the seeds of the fuzz targets, tests/fuzz/corpus/TARGET/seed-*, and their dictionaries.

Made from our own content: the questions and patterns of the shipped pack and the small test pack. Run it again when
they have changed much; past findings (crash-*) are left alone.
"""
import glob
import json
import os
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PACK = os.path.join(ROOT, "intents", "mesotherapy")
SMALL = os.path.join(ROOT, "tests", "packs", "small")
LANGS = ("fr", "en")
SEPARATOR = b"\n%%\n"

# Texts that readers of text stumble over: each line is a seed of its own for text and question.
ODD_TEXTS = [
    "Cœur, Æsop, straße, ﬁn, İstanbul, ıssız, Ǆ, ŉ, ½ kg, ²", "ca\u0327a e\u0301 \u1e9e \u212b \u00c5 A\u030a",
    "l’acide, l'acide, l`acide, lʼacide, l´acide", "aujourd’hui qu'est-ce que c'est I'll don't patient's",
    "a\u200bb\u00adc\ufeffd \u202eabc\u202c \u2066x\u2069", "\U0001f489\U0001f489 ça fait mal\U0001f628?",
    "Мезотерапия 美塑疗法 الميزوثيرابي μεσοθεραπεία", "１２３ ｍｅｓｏ ﷺ \ufdfa ㎏ Ⅷ ①", "50€ 20£ 3,5 % 1.5ml",
    "!!!???...;;;…", "a.b.c. d e", "s\u00e9\u00e9\u00e9\u00e9ance sooooo", "a\r\nb\tc\x0bd\x00e\x1b[31mf\x7f",
    "\u2028\u2029\u0085\u00a0\u3000", "\ud55c\uae00 \u1112\u1161\u11ab", "\U0010ffff\ufffe\ufffd",
]
BROKEN_BYTES = [b"\xff\xfe", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"abc\xe2\x82",
                b"\x80\x80", b"\xf0\x9f\x92", b"\xc3\xa9\xc3", b"caf\xe9 \xe0 la carte"]


def load(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        return json.load(f)


def files_of(folder):
    names = sorted(os.path.basename(p) for p in glob.glob(os.path.join(folder, "*.json")))
    return {n: load(folder, n) for n in names if n not in ("pack.json", "lexicon.json", "examples.json")}


def put(target, seeds):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    for old in glob.glob(os.path.join(folder, "seed-*")):
        os.remove(old)
    for number, seed in enumerate(dict.fromkeys(seeds)):
        with open(os.path.join(folder, f"seed-{number:03}"), "wb") as f:
            f.write(seed if isinstance(seed, bytes) else seed.encode("utf-8", "surrogatepass"))


def put_dictionary(target, words):
    with open(os.path.join(HERE, target + ".dict"), "w", encoding="utf-8") as f:
        f.write("# SPDX-License-Identifier: MIT\n# Made by seeds.py\n")
        for word in dict.fromkeys(words):
            f.write('"%s"\n' % "".join(c if " " <= c <= "~" and c not in '"\\' else
                                       "".join(f"\\x{b:02x}" for b in c.encode()) for c in word))


def every(items, step):
    return list(items)[::step]


def asks(contents):
    return [ask for c in contents for i in c["intents"] for lang in LANGS for ask in i[lang]["ask"]]


def states(contents, lexicon):
    entities = [f"{t}:{e}" for t, es in lexicon["entities"].items() for e in es]
    intents = [i["id"] for c in contents for i in c["intents"]]
    yield from ("", "1", "1;l=fr;a=0", "1;l=en;a=2", "1;l=de", "2;l=fr", "1;a=x", "1;i=nothing", "1;e=a:b", "1;;")
    for n, intent in enumerate(intents[::7]):
        a, b = entities[n % len(entities)], entities[(n * 13) % len(entities)]
        yield f"1;l={LANGS[n % 2]};a={n % 3};i={intent};e={a};e={b}"
        yield f"1;l={LANGS[n % 2]};a=0;i={intent};c={intents[n]};c={intents[-n]}+{a}"


def questions(contents, lexicon):
    found = asks(contents)
    yield from ("\n" + ask for ask in every(found, 40))
    yield from (f"{LANGS[n % 2]} \n{text}" for n, text in enumerate(ODD_TEXTS))
    yield from (b"\n" + broken for broken in BROKEN_BYTES)
    some = every(found, 97)
    for n, state in enumerate(states(contents, lexicon)):
        yield f"{'' if n % 3 else LANGS[n % 2]} {state}\n{some[n % len(some)]}\n%%\n2\n%%\net pour la cellulite ?"
    yield "\n" + " ".join(some)[:800]
    yield "\n" + "meso " * 150


def written_out(pattern, lexicon, lang, known):
    """A pattern of the shipped pack for the small one's lexicon: its classes as groups of a few forms."""
    def group(match):
        name = match.group(1)
        if name in ("gap", "unknown") or name in known:
            return match.group(0)
        kind, _, entity = name.partition(":")
        entry = lexicon["entities"].get(kind, {}).get(entity) or lexicon["classes"].get(name, {})
        forms = entry.get(lang, ["x"])[:3]
        return "(?:" + "|".join(re.sub(r"\*$", r"\\w*", form) for form in forms) + ")"
    return re.sub(r"\{([a-z][a-z0-9_:]*)\}", group, pattern)


def patterns(contents, lexicon, small_lexicon):
    known = set(small_lexicon["classes"]) | set(small_lexicon["entities"])
    found = [(p, lang, i[lang]["ask"]) for c in contents for i in c["intents"] for lang in LANGS
             for p in i[lang]["patterns"]]
    for pattern, lang, ask in every(found, max(1, len(found) // 80)):
        yield f"{written_out(pattern, lexicon, lang, known)}\n%%\n{(ask or [''])[0]}"
    yield "(foo )?bar|baz( qux)?\nfoo [ab]|bar\n(?x) a b & !c\n%%\nfoo bar baz qux"
    yield "^{what_is} {gap}{compost}$\n(?<matter>{matter}) (dans|au) {gap}{compost}\n%%\nc'est quoi le compost"
    yield "(?:a|a){13}b\n(\\w+ ?)+$\n(?=.*a)(?=.*b).*c\n%%\n" + "a" * 60 + " " + "a b " * 25


def pruned(content):
    """A file of intents with a few of each thing, so that a seed is small."""
    few = dict(content, intents=content["intents"][:2], table=dict(list(content.get("table", {}).items())[:6]))
    used = json.dumps([few["intents"], few["table"]])
    few["statements"] = {k: v for k, v in content["statements"].items() if f'"{k}"' in used}
    for intent in few["intents"]:
        for lang in LANGS:
            intent[lang] = {k: v[:2] for k, v in intent[lang].items()}
    return few


def packs(contents, lexicon):
    small = {n: open(os.path.join(SMALL, n), "rb").read() for n in os.listdir(SMALL)}
    general, matter = small["general.json"], small["matter.json"]
    ask = "C'est quoi le compost ?\nMon compost fume !\nen hiver\n2\nbonjour".encode()
    yield SEPARATOR.join([small["pack.json"], small["lexicon.json"], general, ask])
    yield SEPARATOR.join([b"", b"", general])
    yield SEPARATOR.join([b"", b"", b"", ask, small["examples.json"]])
    yield SEPARATOR.join([b"", b"", b"", ask])
    yield SEPARATOR.join([small["pack.json"], b"", b"", ask])
    yield SEPARATOR.join([b"", small["lexicon.json"], b"", ask])
    yield SEPARATOR.join([b"", b"", matter, ask])
    yield b"{}"
    yield SEPARATOR.join([b"", b"", b'{"module": "statements", "intents": []}', ask])
    for content in contents:
        few = pruned(content)
        names = set(re.findall(r"\{([a-z0-9_]+)", json.dumps(few["intents"]))) | {"meso"}
        used = {"classes": {k: {g: v.get(g, [])[:3] for g in LANGS} for k, v in lexicon["classes"].items()
                            if k in names},
                "entities": {t: dict(list(es.items())[:4]) for t, es in lexicon["entities"].items()}}
        entities = {t: {e: {k: (v[:2] if isinstance(v, list) else v) for k, v in body.items()}
                        for e, body in es.items()} for t, es in used["entities"].items()}
        used["entities"] = entities
        pack = small["pack.json"].replace(b'["compost"]', b'["meso"]').replace(b'"rivals": ["method"],', b"")
        for source in (b"S0", b"S1", b"S2", b"S3", b"S4"):
            pack = pack.replace(b'"sources": {', b'"sources": {"%s": {"title": "t", "url": null}, ' % source)
        yield SEPARATOR.join([pack, json.dumps(used, ensure_ascii=False).encode(),
                              json.dumps(few, ensure_ascii=False).encode(),
                              "\n".join(asks([few])[:6]).encode()])


def configurations():
    yield "{}"
    yield '{"pack": "mesotherapy", "lang": "fr", "log_level": "debug"}'
    yield '{"pack": "../intents/mesotherapy", "packs_dir": ".", "plugins_dir": "/usr/lib", "lang": "xx"}'
    yield '{"connectors": {"stdin": {}, "matrix": {"homeserver": "https://h", "n": [1, 2.5, null, true]}}}'
    yield '{"conectors": {}}'
    yield '{"connectors": {"a\\u001b": 3}}'
    yield '{"pack": 3}'
    yield '{"pack": "a", "pack": "b"}'
    yield '{"pack": "' + "x" * 4090 + '"}'
    yield "[" * 3000
    yield b'{"pack": "\xff"}'


def answers(contents):
    said = [s["fr"] for c in contents for s in c["statements"].values()]
    for n, text in enumerate(every(said, 60)):
        yield f"sUn titre\nuhttps://example.org/?a=1&b='2'\ns<Deux>\nm{chr(1 + n % 3)}\np{text}\ni{text[:20]}\n" \
              f"n<b>&amp;\"'\nffrom\n%%\n{text}"
    yield "cun\nctrois\nacall 112\ni1\ni2\np\n%%\n"
    yield b"%%\n" + b"\xff\xed\xa0\x80\x00x"


def event(content, kind="m.room.message", **more):
    return {"type": kind, "event_id": "$1", "sender": "@alice:example.org", "origin_server_ts": 1, "content": content, **more}


def syncs():
    """Answers of a homeserver, with what strangers put into events."""
    texts = ["faq: ça fait mal ?", "> <@a:b> foo\n\n@faq:example.org et après", "\u202e!faq x\u200b", "Mésothérapie FAQ, oui"]
    events = [event({"msgtype": "m.text", "body": text}, unsigned={"age": 5, "membership": "join"}) for text in texts]
    events += [
        event({"msgtype": "m.text", "body": "* x", "m.new_content": {"body": "y"},
               "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}),
        event({"msgtype": "m.text", "body": "x", "m.mentions": {"user_ids": "@faq:example.org"}, "m.relates_to": "oops"}),
        event({"msgtype": "m.text", "body": "x", "format": "org.matrix.custom.html", "m.mentions": ["x"],
               "formatted_body": '<a href="https://matrix.to/#/%40faq%3Aexample.org">x</a>'}),
        event({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$0", "key": "1\ufe0f\u20e3"}}, "m.reaction"),
        event({}, "m.room.redaction", redacts="$0"), event({"redacts": "$0"}, "m.room.redaction"),
        event({"membership": "join", "displayname": "Mésothérapie FAQ"}, "m.room.member", state_key="@faq:example.org"),
        event({"replacement_room": "!2"}, "m.room.tombstone", state_key=""),
        event({"algorithm": "m.megolm.v1.aes-sha2"}, "m.room.encryption", state_key=""),
        event({"predecessor": {"room_id": "!0"}}, "m.room.create", state_key=""),
    ]
    rooms = {"join": {"!1": {"timeline": {"events": events, "limited": True, "prev_batch": "p"}, "state": {"events": events},
                             "summary": {"m.joined_member_count": 2}}},
             "invite": {"!2": {"invite_state": {"events": events[-4:]}}}, "leave": {"!3": {}}}
    direct = {"events": [{"type": "m.direct", "content": {"@a:b": ["!1"]}}]}
    whole = json.dumps({"next_batch": "s1", "rooms": rooms, "account_data": direct})
    yield whole
    yield whole.replace("faq:", "faq\\u0000:")
    yield whole[:len(whole) // 2]
    for one in events:
        yield json.dumps({"next_batch": "s1", "rooms": {"join": {"!1": {"timeline": {"events": [one]}}}}})
    yield '{"next_batch":"s","k\\u0000":"\\ud800 \\\\u0000","n":1e400,"m":123456789012345678901}'
    yield '{"next_batch":"s","x":' + "[" * 400 + "]" * 400 + "}"
    yield b'{"next_batch":"s","x":"\xff\xfe"}'


def post(path, body, kind="application/json", more=""):
    body = body if isinstance(body, bytes) else body.encode()
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{more}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def requests():
    """What browsers send, what clients send that do it wrong, and what is meant ill."""
    form, origin = "application/x-www-form-urlencoded", "Origin: https://www.example.org\r\n"
    yield post("/v1/ask", '{"text":"combien de séances pour la cellulite ?"}')
    yield post("/v1/ask", '{"text":"2","lang":"fr","state":"1;l=fr;a=0;i=session_count","idle":3}', more=origin)
    yield post("/v1/ask", '{"text":"a"}', more="Idempotency-Key: k1\r\nX-Forwarded-For: 192.0.2.1, 10.0.0.1\r\n")
    yield post("/v1/ask", '{"text":"a"}', more='Forwarded: for="[2001:db8::1]:80";proto=https, for=192.0.2.2\r\n')
    yield post("/v1/ask", '{"text":1}') + post("/v1/ask", "[" * 500) + post("/v1/ask", b'{"text":"\xff"}')
    yield post("/v1/feedback", '{"id":"mesotherapy/session_count/cellulite","lang":"fr","vote":1,"was":-1}')
    yield post("/chat", "text=%C3%A7a+fait+mal%3F&lang=fr&state=&at=&embed=1", form)
    yield post("/chat", "vote=up&id=mesotherapy%2Fsession_count&lang=en&state=1%3Bl%3Den&at=99999999999999999999", form)
    yield post("/chat", "choice=2&&=&a=b=c&%=%4&%zz=%00", form)
    yield b"GET /chat?lang=en&embed=1 HTTP/1.1\r\nHost: x\r\nAccept-Language: en-GB,fr;q=0.5\r\n\r\n"
    yield b"GET /faq-chat.js?v=0 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0.5, br\r\nIf-None-Match: \"x\"\r\n\r\n"
    yield b"GET /demo HTTP/1.0\r\n\r\n"
    yield b"HEAD /page.css HTTP/1.1\r\nHost: x\r\n\r\n"
    yield b"OPTIONS /v1/ask HTTP/1.1\r\nHost: x\r\n" + origin.encode() + b"Access-Control-Request-Method: POST\r\n\r\n"
    yield b"".join(b"GET /v1/welcome?lang=fr HTTP/1.1\r\nHost: x\r\n\r\n" for _ in range(4))
    yield b"POST /v1/ask HTTP/1.1\r\nHost: x\r\n\n%%\n" + \
        b"Content-Type: application/json\r\nContent-Length: 12\r\n\r\n\n%%\n{\"text\":\n%%\n\"a\"}"
    yield b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    yield b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + b"a" * 3000
    yield b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"
    yield b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
    yield b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 4000 + b"\r\n\r\n"
    yield from (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n\r\n",
                b"GET http://x/chat HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /%2e%2e/%00 HTTP/1.1\r\nHost: x\r\n\r\n")


def choices():
    """Any bytes will do: the target makes packs and questions of them, large ones of a few."""
    rng = random.Random(20260101)
    yield b""
    for size in (1, 2, 4, 8, 16, 60, 200, 600, 1500) * 3:
        yield bytes(rng.randrange(256) for _ in range(size))


def main():
    contents = list(files_of(PACK).values())
    lexicon = load(PACK, "lexicon.json")
    small_lexicon = load(SMALL, "lexicon.json")
    put("text", ODD_TEXTS + BROKEN_BYTES + every(asks(contents), 120))
    put("question", questions(contents, lexicon))
    put("state", states(contents, lexicon))
    put("pattern", patterns(contents, lexicon, small_lexicon))
    put("pack", packs(contents, lexicon))
    put("config", configurations())
    put("render", answers(contents))
    put("sync", syncs())
    put("http", requests())
    put_dictionary("http", ["GET ", "POST ", "HEAD ", "OPTIONS ", "/v1/ask", "/v1/feedback", "/v1/welcome", "/chat", "/demo",
                            " HTTP/1.1\r\n", "Content-Length: ", "Content-Type: application/json\r\n", "Origin: null\r\n",
                            "Connection: close\r\n", "Transfer-Encoding: chunked\r\n", "Forwarded: for=", "\r\n\r\n",
                            "Content-Type: application/x-www-form-urlencoded\r\n", "Idempotency-Key: ", '{"text":"', "\n%%\n"])
    put("many", choices())
    forms = [form for body in lexicon["classes"].values() for lang in LANGS for form in body.get(lang, [])[:2]]
    forms += [f for es in lexicon["entities"].values() for body in es.values() for g in LANGS
              for f in body.get(g, [])[:1]]
    plain = [re.sub(r"\([^)]*\)|[?*()|]", "", f).strip() for f in forms]
    put_dictionary("question", ["\n%%\n"] + [p + " " for p in plain if p])
    put_dictionary("sync", ['"next_batch":"s"', '"rooms":{"join":{"!1":', '"timeline":{"events":[', '"type":"m.room.message"',
                            '"content":{', '"body":"', '"msgtype":"m.text"', '"m.relates_to":{', '"event_id":"$1"', "\\u0000",
                            "\\ud800", '"sender":"@a:b"', "faq", "@faq:example.org", "https://", "matrix.to/#/", "1e400"])
    put_dictionary("state", ["1;", ";l=fr", ";l=en", ";a=0", ";i=", ";e=", ";c=", "+"] +
                   [i["id"] for c in contents for i in c["intents"]] +
                   [f"{t}:{e}" for t, es in lexicon["entities"].items() for e in list(es)[:3]])


if __name__ == "__main__":
    main()
