// A round with the last character of a name; the same person always has the same colour.

const COLOURS = ['#0f7d6b', '#935700', '#8f2f66', '#2c5a72', '#5b3cc4', '#b5422a'];

Component({
  properties: {
    name: { type: String, value: '' },
    // Chooses the colour: the id of the player or the team.
    number: { type: Number, value: 0 },
    size: { type: Number, value: 72 },
  },
  data: { letter: '', colour: COLOURS[0] },
  observers: {
    'name, number'(name, number) {
      const letters = Array.from(name || '');
      this.setData({
        letter: letters[letters.length - 1] || '·',
        colour: COLOURS[Math.abs(number) % COLOURS.length],
      });
    },
  },
});
