# SPDX-License-Identifier: MIT
"""human_nio.py BASE TOKEN USER DEVICE [--echo] - a human on matrix-nio, the second implementation. The protocol is that
of human.mjs, with fewer commands. --echo: a badly behaved bot that answers every message with an m.text of its own."""
import asyncio
import json
import logging
import sys

import nio

logging.disable(logging.CRITICAL)


def say(thing):
    print(json.dumps(thing), flush=True)


class Human:
    def __init__(self, base, token, user, device, *flags):
        self.echo = "--echo" in flags
        self.client = nio.AsyncClient(base, user)
        self.client.access_token, self.client.user_id, self.client.device_id = token, user, device

    async def heard(self, room, event):
        say({"event": {**event.source, "room": room.room_id}})
        if self.echo and event.sender != self.client.user_id and isinstance(event, nio.RoomMessageText):
            await self.send(room.room_id, {"msgtype": "m.text", "body": event.body})

    async def send(self, room, content):
        answer = await self.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
        if not isinstance(answer, nio.RoomSendResponse):
            raise RuntimeError(str(answer))
        return {"event_id": answer.event_id}

    async def do(self, a):
        if a["do"] == "text":
            return await self.send(a["room"], {"msgtype": "m.text", "body": a["body"], **a.get("more", {})})
        if a["do"] == "reply":
            return await self.send(a["room"], {"msgtype": "m.text", "body": a["body"], "m.relates_to": {
                "m.in_reply_to": {"event_id": a["to"]}}})
        if a["do"] == "join":
            return {"room_id": (await self.client.join(a["room"])).room_id}
        if a["do"] == "create":
            return {"room_id": (await self.client.room_create(invite=a.get("invite", []),
                                                              is_direct=a.get("direct", False))).room_id}
        raise KeyError(a["do"])

    async def commands(self):
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            a = json.loads(line)
            if a["do"] == "quit":
                return
            try:
                say({"id": a["id"], "ok": await self.do(a)})
            except Exception as error:  # whatever it is, the test shall hear of it
                say({"id": a["id"], "error": repr(error)})

    async def run(self):
        await self.client.sync(timeout=0, full_state=True)  # what was said before is not heard
        self.client.add_event_callback(self.heard, nio.RoomMessage)
        say({"ready": self.client.user_id})
        syncing = asyncio.create_task(self.client.sync_forever(timeout=10000))
        await self.commands()
        syncing.cancel()
        await self.client.close()


if __name__ == "__main__":
    asyncio.run(Human(*sys.argv[1:]).run())
