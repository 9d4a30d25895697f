// SPDX-License-Identifier: MIT
//
// human.mjs - a human on matrix-js-sdk, the SDK of Element.
//
//     node human.mjs MODULES BASE TOKEN USER DEVICE [--crypto]
//
// A command is one JSON object a line on stdin: {"id": 1, "do": "text", ...}; {"id": 1, "ok": ...} or {"id": 1, "error":
// ...} answers it. What happens in the rooms comes as lines of its own: {"event": ...}, {"typing": ...},
// {"receipt": ...}, {"membership": ...}. stdout holds nothing else.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, baseUrl, accessToken, userId, deviceId, ...flags] = process.argv.slice(2);
const find = createRequire(modules + "/");
const load = (name) => import(pathToFileURL(find.resolve(name)).href);
for (const level of ["log", "info", "debug", "warn", "trace", "error"]) console[level] = () => {};
const sdk = await load("matrix-js-sdk");
(await load("matrix-js-sdk/lib/logger.js")).logger.setLevel?.("silent");

const say = (object) => process.stdout.write(JSON.stringify(object) + "\n");
const client = sdk.createClient({ baseUrl, accessToken, userId, deviceId });
if (flags.includes("--crypto")) await client.initRustCrypto({ useIndexedDB: false });

const shown = new Set();
const show = (event) => {
    const hidden = event.isBeingDecrypted() || (event.isEncrypted() && !event.getClearContent());
    const key = event.getId() + (event.isDecryptionFailure() ? "!" : "");
    if (event.status || shown.has(key) || (hidden && !event.isDecryptionFailure())) return;
    shown.add(key);
    say({ event: { room: event.getRoomId(), event_id: event.getId(), sender: event.getSender(), type: event.getType(),
        wire: event.getWireType(), content: event.getContent(), state_key: event.getStateKey(),
        undecryptable: event.isDecryptionFailure() || undefined } });
};
client.on("Room.timeline", (event, room, toStart) => toStart || show(event));
client.on("Event.decrypted", show);
client.on("RoomMember.membership", (event, member) =>
    member.userId === userId && say({ membership: { room: member.roomId, is: member.membership } }));
client.on("RoomMember.typing", (event, member) =>
    say({ typing: { room: member.roomId, user: member.userId, on: member.typing } }));
client.on("Room.receipt", (event) => say({ receipt: { room: event.getRoomId(), content: event.getContent() } }));
client.on("sync", (state) => state === "PREPARED" && say({ ready: userId }));

const message = (room, content) => client.sendEvent(room, null, "m.room.message", { msgtype: "m.text", ...content });
const does = {
    create: (a) => client.createRoom({ preset: "private_chat", name: a.name, invite: a.invite ?? [], is_direct: a.direct,
        room_version: a.version, initial_state: a.encrypted
            ? [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }] : [] }),
    join: (a) => client.joinRoom(a.room).then((room) => ({ room_id: room.roomId })),
    leave: (a) => client.leave(a.room),
    invite: (a) => client.invite(a.room, a.user),
    kick: (a) => client.kick(a.room, a.user),
    ban: (a) => client.ban(a.room, a.user),
    text: (a) => message(a.room, { body: a.body, ...a.more }),
    reply: (a) => message(a.room, { body: a.body, "m.relates_to": { "m.in_reply_to": { event_id: a.to } }, ...a.more }),
    thread: (a) => message(a.room, { body: a.body, "m.relates_to": { rel_type: "m.thread", event_id: a.root,
        is_falling_back: true, "m.in_reply_to": { event_id: a.to ?? a.root } }, ...a.more }),
    edit: (a) => message(a.room, { body: "* " + a.body, "m.new_content": { msgtype: "m.text", body: a.body },
        "m.relates_to": { rel_type: "m.replace", event_id: a.of } }),
    react: (a) => client.sendEvent(a.room, null, "m.reaction",
        { "m.relates_to": { rel_type: "m.annotation", event_id: a.to, key: a.key } }),
    redact: (a) => client.redactEvent(a.room, a.of),
    encrypt: (a) => client.sendStateEvent(a.room, "m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" }, ""),
    upgrade: (a) => client.upgradeRoom(a.room, a.version),
    unread: (a) => {
        const room = client.getRoom(a.room);
        return { total: room.getUnreadNotificationCount("total"), highlight: room.getUnreadNotificationCount("highlight") };
    },
    quit: () => process.exit(0),
};
createInterface({ input: process.stdin }).on("line", async (line) => {
    const a = JSON.parse(line);
    try { say({ id: a.id, ok: (await does[a.do](a)) ?? {} }); }
    catch (error) { say({ id: a.id, error: `${error.errcode ?? error.name}: ${error.message}` }); }
}).on("close", does.quit);
await client.startClient({ initialSyncLimit: 20, threadSupport: true });
