// 美多, the mascot. `size` in rpx; `mood` is glad or worried.

Component({
  properties: {
    size: { type: Number, value: 160 },
    mood: { type: String, value: 'glad' },
  },
});
