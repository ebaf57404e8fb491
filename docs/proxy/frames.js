// Lets nothing through the websocket of events from a desk to Asterisk but its beginning, pings, pongs and goodbyes.
//
// Newer versions of Asterisk (22.10 does, 16 does not) take whole REST requests as messages of that socket (RESTRequest),
// past every list of addresses. The companion sends no messages at all, so one ends the connection.

// A request's head ends with these bytes; the proxy before this has written it, and lets no body follow.
const END_OF_HEAD = [13, 10, 13, 10];
// A final frame of one of these kinds has at most 125 bytes, and from a client always a mask of four.
const CONTROL = [0x88, 0x89, 0x8a];

function watcher() {
    let head = 0;
    let first = null;
    let left = 0;
    return function (bytes) {
        for (let at = 0; at < bytes.length; at++) {
            const byte = bytes[at];
            if (head < END_OF_HEAD.length) {
                head = byte === END_OF_HEAD[head] ? head + 1 : byte === 13 ? 1 : 0;
            } else if (left > 0) {
                left--;
            } else if (first === null) {
                if (CONTROL.indexOf(byte) < 0) return false;
                first = byte;
            } else {
                if (byte < 0x80 || byte > 0x80 + 125) return false;
                left = byte - 0x80 + 4;
                first = null;
            }
        }
        return true;
    };
}

function guard(s) {
    const fine = watcher();
    s.on('upstream', function (data, flags) {
        if (!fine(data)) {
            s.error('a desk sent a message to the PBX');
            throw new Error('refused');
        }
        s.send(data, flags);
    });
}

export default { guard };
