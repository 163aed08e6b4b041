// Pictures of the API. An `image` cannot send a token, so pictures are downloaded with the token
// first, each once.

const platform = require('./platform.js');
const api = require('./api.js');

// How many requests are reserved for everything else: WeChat allows ten at once.
const AT_ONCE = 3;

const known = {};
const waiting = [];
let underWay = 0;

/** The path on this phone of a picture of the API; '' where it cannot be had now. */
function local(path) {
  if (!known[path]) {
    known[path] = new Promise((resolve) => {
      waiting.push({ path, resolve });
    });
    next();
  }
  return known[path];
}

async function next() {
  if (underWay >= AT_ONCE || waiting.length === 0) {
    return;
  }
  const { path, resolve } = waiting.shift();
  underWay += 1;
  const found = await fetched(path);
  if (!found) {
    // It may be there the next time: approved meanwhile, or with a network.
    delete known[path];
  }
  underWay -= 1;
  resolve(found);
  next();
}

async function fetched(path) {
  try {
    const answer = await platform.download({ url: api.urlOf(path), header: api.bearer() });
    return answer.status === 200 ? answer.path : '';
  } catch (error) {
    if (error instanceof platform.NetworkError) {
      return '';
    }
    throw error;
  }
}

/** Call `fn(path, local)` for each of these pictures once it is on this phone. */
function each(paths, fn) {
  new Set(paths.filter(Boolean)).forEach(async (path) => {
    const found = await local(path);
    if (found) {
      fn(path, found);
    }
  });
}

module.exports = { local, each };
