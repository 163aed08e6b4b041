// What differs between installations. `server` is Linka's address without a path; an address in
// ext.json (`ext.server`) comes first, so that a build for another server changes no code.
module.exports = {
  server: 'http://127.0.0.1:8000',
  version: '1.0.0',
};
