-- Lets nothing through the websocket of events from a desk to Asterisk but its beginning, pings, pongs and goodbyes.
--
-- Newer versions of Asterisk (22.10 does, 16 does not) take whole REST requests as messages of that socket (RESTRequest),
-- past every list of addresses. The companion sends no messages at all, so one ends the connection.

-- A request's head ends with these bytes; the proxy before this has written it, and lets no body follow.
local END_OF_HEAD = { 13, 10, 13, 10 }
-- A final frame of one of these kinds has at most 125 bytes, and from a client always a mask of four.
local CONTROL = { [0x88] = true, [0x89] = true, [0x8a] = true }

local Frames = { id = "frames", flags = 0 }
Frames.__index = Frames

function Frames:new()
    return setmetatable({ head = 0, first = nil, left = 0 }, Frames)
end

function Frames:fine(bytes)
    for at = 1, #bytes do
        local byte = bytes:byte(at)
        if self.head < #END_OF_HEAD then
            self.head = byte == END_OF_HEAD[self.head + 1] and self.head + 1 or byte == 13 and 1 or 0
        elseif self.left > 0 then
            self.left = self.left - 1
        elseif self.first == nil then
            if not CONTROL[byte] then return false end
            self.first = byte
        else
            if byte < 0x80 or byte > 0x80 + 125 then return false end
            self.left = byte - 0x80 + 4
            self.first = nil
        end
    end
    return true
end

function Frames:start_analyze(txn, channel)
    if not channel:is_resp() then
        filter.register_data_filter(self, channel)
    end
end

function Frames:tcp_payload(txn, channel)
    if channel:input() == 0 then
        return
    end
    local data = channel:data()
    if type(data) == "string" and #data == channel:input() and self:fine(data) then
        return
    end
    -- Taken out first: what a filter's end means for data that it has seen differs between versions.
    channel:remove()
    error("a desk sent a message to the PBX")
end

core.register_filter("frames", Frames, function(frames, args) return frames end)
