// The form of a post: its moments are shown in the browser's local time.

for (const field of document.querySelectorAll("input[data-moment]")) {
  if (!(field instanceof HTMLInputElement)) continue;
  const at = new Date(field.dataset.moment ?? "");
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  field.value = local.toISOString().slice(0, 16);
}
