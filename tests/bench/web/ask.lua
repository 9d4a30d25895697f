-- SPDX-License-Identifier: MIT
--
-- ask.lua - what wrk sends: POST /v1/ask with the questions of a file, one a line, each in turn. With RATE all connections
-- together ask about as often a second, each after a random pause; else as fast as they are answered.
--
--     wrk -cN -s ask.lua URL -- QUESTIONS [RATE]
--
-- Prints: requests a second, median and 99th percentile in us, errors, requests.
local requests, at, pause = {}, 0, nil

local function quoted(text)
    return '"' .. text:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end

function setup(thread)
    thread:set("connections", tonumber(os.getenv("WRK_CONNECTIONS") or 0))
end

function init(args)
    for line in io.lines(args[1]) do
        requests[#requests + 1] = wrk.format("POST", "/v1/ask", {["Content-Type"] = "application/json"},
            '{"text":' .. quoted(line) .. "}")
    end
    at = math.random(#requests)
    if args[2] then pause = 1000 * connections / tonumber(args[2]) end
end

function request()
    at = at % #requests + 1
    return requests[at]
end

if os.getenv("WRK_CONNECTIONS") then
    function delay()
        return pause and math.floor(2 * pause * math.random()) or 0
    end
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format("%.0f %.0f %.0f %d %d\n", summary.requests / summary.duration * 1e6, latency:percentile(50),
        latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout, summary.requests))
end
