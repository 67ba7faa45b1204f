/**
 * The key of an arrival, by which inboxes are sorted: picoseconds into the window (20 bits),
 * ingress port (10), 1 for a packet or 0 for a pause frame. No two arrivals of a device in a window
 * have the same.
 */
export const TIME_SHIFT: u32 = 11;
export const PORT_SHIFT: u32 = 1;
export const PORT_MASK: u32 = 1023;
export const PACKET_BIT: u32 = 1;
