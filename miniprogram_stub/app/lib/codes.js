// What a typed or scanned text means: a join code, or the slip of a person. Pure.

const { scanned } = require('./protocol.js');

const SHORTEST = 4;
const LONGEST = 12;

/** A typed text as a join code: capital letters and digits, without what people put between them. */
function codeOf(text) {
  return String(text || '')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, LONGEST);
}

function isCode(code) {
  return code.length >= SHORTEST && code.length <= LONGEST;
}

const OTHER = { kind: '', code: '', number: '', invite: '' };

/**
 * What was scanned: `{kind, code, number, invite}`. `kind` is join (with `code`), bind (with `number`
 * and `invite`), or '' for a code that is not Linka's. Reads what the screen and the slips show, the
 * path of a mini program code (`pages/join/join?scene=…`), and a bare join code.
 */
function read(text) {
  const said = String(text || '').trim();
  if (said.startsWith(scanned.join)) {
    return joins(said.slice(scanned.join.length));
  }
  if (said.startsWith(scanned.bind)) {
    const [number, invite] = said.slice(scanned.bind.length).split(':');
    return number && invite ? Object.assign({}, OTHER, { kind: 'bind', number, invite }) : OTHER;
  }
  const [, scene] = /[?&](?:scene|code)=([^&#]+)/.exec(said) || [];
  if (scene) {
    return joins(decodeURIComponent(scene));
  }
  return /^[A-Za-z0-9]+$/.test(said) ? joins(said) : OTHER;
}

function joins(text) {
  const code = codeOf(text);
  return isCode(code) ? Object.assign({}, OTHER, { kind: 'join', code }) : OTHER;
}

/** The code of a deep link: `code=`, or the `scene=` of a mini program code; '' for none. */
function linked({ code, scene }) {
  if (code) {
    return codeOf(code);
  }
  const said = scene || '';
  return codeOf(said.includes('=') ? read(`?${said}`).code : said);
}

// What to do next about a refusal, besides what the server says.
const ADVICE = {
  unknown_join_code: '看看大屏幕上的码，注意数字 0 和字母 O、数字 1 和字母 I。',
  event_not_open: '加入码已经替你记住了，主持人发布活动后再按一次“马上加入”。',
  event_closed: '可以在“活动”里找找还在进行的活动。',
  too_many_requests: '稍等一会儿，再核对一遍加入码。',
};

function advice(slug) {
  return ADVICE[slug] || '';
}

module.exports = { codeOf, isCode, read, linked, advice };
