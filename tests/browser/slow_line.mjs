// A slow line to a service: a proxy that takes as long as a mobile network does. What Chromium can slow
// down by itself leaves out the requests of workers and the opening of connections; this leaves out nothing.

import { connect, createServer } from "node:net";

/** Lighthouse's "slow 4G". */
export const SLOW_4G = { down_bits: 1_638_400, up_bits: 768_000, round_trip_ms: 150 };

const PACKET_BYTES = 1460;
/** What a sender may send before it hears of the other side (RFC 6928). */
const FIRST_WINDOW_BYTES = 10 * PACKET_BYTES;

/** One direction, shared by all connections: a packet waits until those before it are through. */
class Line {
  constructor(bits) {
    this.bytesPerMs = bits / 8 / 1000;
    this.freeAt = 0;
  }

  /** When the last of so many bytes is through. */
  take(bytes) {
    this.freeAt = Math.max(this.freeAt, performance.now()) + bytes / this.bytesPerMs;
    return this.freeAt;
  }
}

/** Carries bytes of one connection in one direction, in a window that grows with what has arrived. */
function carry(from, to, line, delayMs, openAt) {
  const waiting = [];
  const arriving = [];
  let isEnded = false;
  let underWay = 0;
  let window = FIRST_WINDOW_BYTES;
  const later = (at, what) => setTimeout(what, Math.max(0, at - performance.now()));
  const pump = () => {
    while (waiting.length > 0 && underWay < window) {
      const packet = waiting.shift();
      const through = line.take(packet.length);
      underWay += packet.length;
      arriving.push(packet);
      // Timers are of whole milliseconds, so they may go off in another order; packets may not.
      later(through + delayMs, () => to.writable && to.write(arriving.shift()));
      later(through + 2 * delayMs, () => {
        underWay -= packet.length;
        window += packet.length;
        pump();
      });
    }
    if (isEnded && waiting.length === 0) later(line.freeAt + 2 * delayMs, () => to.end());
  };
  from.on("data", (bytes) => {
    for (let at = 0; at < bytes.length; at += PACKET_BYTES) waiting.push(bytes.subarray(at, at + PACKET_BYTES));
    later(openAt, pump);
  });
  from.on("end", () => {
    isEnded = true;
    pump();
  });
}

/** Puts a line before the service on a port of this machine; answers the port that readers use. */
export async function slowLine(port, { down_bits, up_bits, round_trip_ms }) {
  const [down, up] = [new Line(down_bits), new Line(up_bits)];
  const server = createServer({ allowHalfOpen: true }, (reader) => {
    const service = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    for (const end of [reader, service]) {
      end.setNoDelay(true);
      end.on("error", () => {
        reader.destroy();
        service.destroy();
      });
    }
    reader.on("close", () => service.destroy());
    service.on("close", () => setTimeout(() => reader.destroy(), 5000).unref());
    // Opening a connection is a round trip of its own.
    const openAt = performance.now() + round_trip_ms;
    carry(reader, service, up, round_trip_ms / 2, openAt);
    carry(service, reader, down, round_trip_ms / 2, openAt);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => server.close() };
}
