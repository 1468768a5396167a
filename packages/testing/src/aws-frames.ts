/** The messages of an AWS event stream, by the lengths that they tell; what is left of one that was cut is the last. */
export function awsFrames(body: Uint8Array): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: Uint8Array[] = [];
  for (let place = 0; place < body.length;) {
    const told = body.length - place < 4 ? 0 : view.getUint32(place);
    const length = told === 0 ? body.length - place : told;
    frames.push(body.subarray(place, place + length));
    place += length;
  }
  return frames;
}
