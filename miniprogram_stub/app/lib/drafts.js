// Texts that the user writes for columns, with their pictures, as this phone keeps them: those that
// are being written, and those that wait in the outbox. A draft is `{id, code, sent, columnId, title,
// text, pictures, failure, isHeld, isTakenBack}`: `id` is 0 until the server knows it, `sent` is how
// often it was sent. `isTakenBack` says that it was taken out of the outbox to be changed, after it may
// have reached the server; `isHeld` that it has to be sent again. A picture is `{id, path, file}`: `id`
// is 0 until it was uploaded, `file` is where it is on this phone.

const api = require('./api.js');
const outbox = require('./outbox.js');
const platform = require('./platform.js');

const DRAFTS = 'submission-drafts';
const SENDER = 'submission';
const PATH = '/posts/submissions';

function all() {
  return platform.storage.get(DRAFTS, {});
}

function get(name) {
  return all()[name];
}

function keep(name, draft) {
  platform.storage.set(DRAFTS, Object.assign({}, all(), { [name]: draft }));
}

function change(name, facts) {
  keep(name, Object.assign({}, get(name), facts));
}

/** Give a draft another name. */
function rename(name, other) {
  const drafts = all();
  drafts[other] = drafts[name];
  delete drafts[name];
  platform.storage.set(DRAFTS, drafts);
}

/** Forget a draft and the files of its pictures. */
function remove(name) {
  const others = all();
  filesOf(others[name]).forEach(platform.removeFile);
  delete others[name];
  platform.storage.set(DRAFTS, others);
}

/** Forget all drafts: the person has signed out or was erased. */
function clear() {
  Object.keys(all()).forEach(remove);
}

function filesOf(draft) {
  return draft ? draft.pictures.map(({ file }) => file).filter(Boolean) : [];
}

/** A name for the server: it makes a repeat of the first call harmless. */
function newCode() {
  return `phone-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
}

function empty() {
  return { id: 0, code: newCode(), sent: 0, columnId: 0, title: '', text: '', pictures: [] };
}

/** Let the server know of a draft; resolves to what the server has. */
async function begin(name) {
  const { id, code, columnId, title, text } = get(name);
  if (id) {
    try {
      return await api.get(`${PATH}/${id}`);
    } catch (error) {
      if (!(error instanceof api.Refusal) || error.slug !== 'not_found') {
        throw error;
      }
      startAnew(name);
      return begin(name);
    }
  }
  const made = await api.post(PATH, { code, column_id: columnId, title, text });
  change(name, { id: made.id });
  return made;
}

/** The server has erased it: what this phone has of it becomes a new one. */
function startAnew(name) {
  const pictures = get(name)
    .pictures.filter(({ file }) => file)
    .map(({ file }) => ({ id: 0, path: '', file }));
  change(name, { id: 0, code: newCode(), sent: 0, pictures });
}

/** Upload the pictures that the server does not have; one that it refuses is taken away. */
async function upload(name) {
  await reclaim(name, await begin(name));
  await uploadRest(name);
}

async function uploadRest(name) {
  for (const { file } of get(name).pictures.filter(({ id }) => !id)) {
    await uploadOne(name, file);
  }
}

async function uploadOne(name, file) {
  try {
    if (!(await platform.hasFile(file))) {
      throw new api.Refusal({
        status: 0,
        slug: 'gone',
        message: '有一张图片在手机里找不到了，请重新选。',
      });
    }
    const { id, path } = await api.upload(`${PATH}/${get(name).id}/pictures`, file);
    putPicture(name, file, { id, path, file });
  } catch (error) {
    if (error instanceof api.Refusal && !outbox.mayPass(error)) {
      putPicture(name, file, null);
    }
    throw error;
  }
}

/** Put another picture in the place of one; the server knows the same file by one id. */
function putPicture(name, file, picture) {
  const known = get(name).pictures;
  const isTwice = picture && known.some((one) => one.id === picture.id);
  const pictures = known
    .map((one) => (one.file === file ? (isTwice ? null : picture) : one))
    .filter(Boolean);
  if (isTwice || !picture) {
    platform.removeFile(file);
  }
  change(name, { pictures });
}

/**
 * A text that was taken back and changed may have reached the server before: take it back there, too,
 * so that the changed one can be sent. Raises where it was decided meanwhile.
 */
async function reclaim(name, known) {
  const draft = get(name);
  if (!draft.isTakenBack || known.sent === draft.sent || isSame(draft, known)) {
    return;
  }
  if (known.state === 'accepted' || known.state === 'rejected') {
    throw new api.Refusal({
      status: 409,
      slug: 'submission_moved',
      message: '改之前的那一篇已经送到，编辑也处理了。改过的没有投出去，可以另写一篇。',
    });
  }
  if (known.state === 'waiting') {
    await api.post(`${PATH}/${known.id}/transitions`, { action: 'take_back' });
  }
  change(name, { sent: known.sent });
}

/** Whether the server has what this phone has. */
function isSame({ columnId, title, text, pictures }, known) {
  const ids = (some) => some.map(({ id }) => id).join();
  return (
    known.column.id === columnId &&
    known.title === title.trim() &&
    known.text === text.trim() &&
    ids(known.pictures) === ids(pictures)
  );
}

/** Send a draft of which the server knows nothing, a part or all; raises like `api.post`. */
async function deliver({ name }) {
  const known = await begin(name);
  await reclaim(name, known);
  // An older mini program did not count.
  const { sent = known.sent } = get(name);
  if (known.sent !== sent) {
    // It was sent, and the answer did not arrive.
    return known;
  }
  await uploadRest(name);
  const { id, columnId, title, text, pictures } = get(name);
  await api.put(`${PATH}/${id}`, {
    column_id: columnId,
    title,
    text,
    picture_ids: pictures.map((one) => one.id),
  });
  return api.post(`${PATH}/${id}/transitions`, { action: 'send', sent });
}

/** Send a draft, now or when there is a network: once, however often it takes. */
function send(name) {
  change(name, { failure: '', isHeld: false });
  const label = `投稿：${get(name).title}`;
  return outbox.send({ key: keyOf(name), sender: SENDER, body: { name }, label });
}

function keyOf(name) {
  return `${SENDER}:${name}`;
}

/** Whether a draft was sent and the server has not heard it yet. */
function isWaiting(name) {
  return outbox.isWaiting(keyOf(name));
}

/**
 * Take a draft that waits out of the outbox, so that it can be changed; says whether it was taken: what
 * is being sent at this moment is not.
 */
function takeBack(name) {
  const isTaken = outbox.withdraw(keyOf(name));
  if (isTaken) {
    change(name, { isHeld: true, isTakenBack: true });
  }
  return isTaken;
}

/** The drafts that wait, were refused or taken back: `[{name, id, title, failure, isWaiting}]`. */
function sent() {
  return Object.entries(all())
    .filter(([name, { failure, isHeld }]) => isWaiting(name) || failure || isHeld)
    .map(([name, { id, title, failure }]) => ({
      name,
      id,
      title,
      failure: failure || '',
      isWaiting: isWaiting(name),
    }));
}

outbox.sendBy(SENDER, deliver);
outbox.on(({ type, item, refusal }) => {
  if (!item || item.sender !== SENDER) {
    return;
  }
  if (type === 'sent') {
    remove(item.body.name);
  } else {
    change(item.body.name, { failure: refusal.message });
  }
});

module.exports = {
  empty,
  get,
  keep,
  rename,
  remove,
  clear,
  upload,
  send,
  takeBack,
  isWaiting,
  sent,
};
