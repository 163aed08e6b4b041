// The paper, the colours and the pens: the same values as on the big screen
// (backend/activities/drawing/screen/sketch.js) and in docs/api.md; a test compares them.

const WIDTH = 1000;
const HEIGHT = 750;
const PAPER = '#fffdf6';

const COLOURS = [
  { ink: '#1d1d1f', name: '黑' },
  { ink: '#7a7a80', name: '灰' },
  { ink: '#c4c4c9', name: '浅灰' },
  { ink: '#ffffff', name: '白' },
  { ink: '#d7263d', name: '红' },
  { ink: '#f46036', name: '橙红' },
  { ink: '#f9a620', name: '橙' },
  { ink: '#ffd93d', name: '黄' },
  { ink: '#2e933c', name: '绿' },
  { ink: '#8ac926', name: '草绿' },
  { ink: '#1aa6b7', name: '青' },
  { ink: '#1d6fdc', name: '蓝' },
  { ink: '#5b3cc4', name: '紫' },
  { ink: '#b23a9e', name: '玫红' },
  { ink: '#ff8fb1', name: '粉' },
  { ink: '#7f4f24', name: '棕' },
];

const WIDTHS = [4, 8, 14, 22, 34, 52];

module.exports = { WIDTH, HEIGHT, PAPER, COLOURS, WIDTHS };
