// Short sounds, made here and not played from files: the last seconds, an opened place, a winner.
// They are off until somebody at the computer switches them on; browsers allow no sound before.

/**
 * Notes of a cue: pitch in Hz, beginning and length in seconds.
 * @type {Record<string, [number, number, number][]>}
 */
const CUES = {
  second: [[880, 0, 0.09]],
  start: [
    [659, 0, 0.14],
    [988, 0.14, 0.4],
  ],
  reveal: [
    [392, 0, 0.12],
    [523, 0.12, 0.12],
    [659, 0.24, 0.35],
  ],
  winner: [
    [523, 0, 0.16],
    [659, 0.16, 0.16],
    [784, 0.32, 0.16],
    [1047, 0.48, 0.7],
  ],
};
const LOUDNESS = 0.22;

/** @type {AudioContext | null} */
let context = null;

/** Switches the cues on or off; returns whether they are on now. */
export function switchCues() {
  if (context) {
    context.close();
    context = null;
    return false;
  }
  context = new AudioContext();
  cue("start");
  return true;
}

/**
 * Plays a cue if they are on.
 * @param {"second" | "start" | "reveal" | "winner"} name
 */
export function cue(name) {
  if (context === null) return;
  document.body.dataset.cue = name;
  for (const [pitch, begins, seconds] of CUES[name]) note(context, pitch, begins, seconds);
}

/**
 * @param {AudioContext} output
 * @param {number} pitch
 * @param {number} begins
 * @param {number} seconds
 */
function note(output, pitch, begins, seconds) {
  const tone = output.createOscillator();
  const volume = output.createGain();
  const at = output.currentTime + begins;
  tone.type = "triangle";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  tone.connect(volume).connect(output.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
