// SPDX-License-Identifier: MIT
//
// echo.mjs MODULES BASE TOKEN USER DEVICE - the peer of the benchmark: the smallest bot on matrix-js-sdk that joins where it
// is invited and answers every message with a notice. It matches nothing and keeps nothing: what is left is the SDK.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, baseUrl, accessToken, userId, deviceId] = process.argv.slice(2);
const find = createRequire(modules + "/");
const load = (name) => import(pathToFileURL(find.resolve(name)).href);
const sdk = await load("matrix-js-sdk");
(await load("matrix-js-sdk/lib/logger.js")).logger.setLevel?.("silent");
for (const level of ["log", "info", "debug", "warn", "trace", "error"]) console[level] = () => {};

const client = sdk.createClient({ baseUrl, accessToken, userId, deviceId });
client.on("Room.timeline", (event, room, toStart, removed, data) => {
    if (!data.liveEvent || event.getType() !== "m.room.message" || event.getSender() === userId ||
        event.getContent().msgtype !== "m.text") return;
    client.sendEvent(event.getRoomId(), null, "m.room.message", {
        msgtype: "m.notice", body: event.getContent().body, "m.mentions": {},
        "m.relates_to": { "m.in_reply_to": { event_id: event.getId() } },
    }).catch(() => {});
});
client.on("sync", (state) => state === "PREPARED" && process.stdout.write("ready\n"));
// without a filter of its own it gets ten messages a room at most and never asks for the others
const filter = new sdk.Filter(userId);
filter.setTimelineLimit(60);
await client.startClient({ initialSyncLimit: 60, disablePresence: true, filter });
