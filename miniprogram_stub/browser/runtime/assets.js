/** The addresses of the mini program's files and of files that a person chose. */
const APP = new URL("app/", document.querySelector('link[rel="stylesheet"]').href).pathname;
const temporary = new Map();
let count = 0;

/** Keeps a file for this visit and returns its path, as WeChat names temporary files. */
export function keepTemporary(blob, extension = "") {
  count += 1;
  const path = `wxfile://tmp_${Date.now()}_${count}${extension}`;
  putFile(path, blob);
  return path;
}

/** Puts a file at a path. */
export function putFile(path, blob) {
  temporary.set(path, { blob, address: URL.createObjectURL(blob) });
}

/** Removes the file at a path. */
export function dropFile(path) {
  URL.revokeObjectURL(temporary.get(path)?.address);
  temporary.delete(path);
}

/** The content of a temporary or saved file, or undefined. */
export function temporaryFile(path) {
  return temporary.get(path)?.blob;
}

/** The address of a picture that an element names: `component` is the element that shows it. */
export function assetAddress(source, component) {
  if (temporary.has(source)) return temporary.get(source).address;
  if (/^[a-z]+:/i.test(source) || source.startsWith("//")) return source;
  if (source.startsWith("/")) return APP + source.slice(1);
  const owner = component?.ownerShadowRoot?.getHostNode().is ?? "";
  return new URL(source, `http://app/${owner}`).pathname.replace(/^\//, APP);
}
