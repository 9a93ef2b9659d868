// Answers as lists of "path=value", so that JSON and XML can be compared.

const join = (path, name) => (path ? `${path}/${name}` : name);

/** The leaves of a JSON answer. Elements of a list share a path; empty texts and lists have none. */
export function jsonLeaves(value, path = '') {
  if (Array.isArray(value)) return value.flatMap(element => jsonLeaves(element, path));
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([name, inner]) => jsonLeaves(inner, join(path, name)));
  return value === '' ? [] : [`${path}=${value}`];
}

/** The root element's name and the leaves of an XML answer. Enough of XML for answers without attributes. */
export function xmlAnswer(text) {
  const declaration = "<?xml version='1.0' encoding='UTF-8'?>";
  if (!text.startsWith(declaration)) throw new Error(`No declaration: ${text.slice(0, 80)}`);
  const leaves = [];
  const path = [];
  let content = '';
  for (const [, close, name, characters] of text.slice(declaration.length).matchAll(/<(\/?)([\w.]+)>|([^<]+)/g)) {
    if (characters !== undefined) content = characters;
    else if (!close) {
      path.push(name);
      content = '';
    } else {
      if (path.at(-1) !== name) throw new Error(`${name} closes ${path.join('/')}`);
      if (content !== '') leaves.push(`${path.slice(1).join('/')}=${unescape(content)}`);
      content = '';
      path.pop();
    }
  }
  if (path.length > 0) throw new Error(`${path.join('/')} is not closed`);
  return { root: text.slice(declaration.length).match(/^<([\w.]+)>/)[1], leaves };
}

const unescape = text => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#13;/g, '\r').replace(/&amp;/g, '&');

/** The names of leaves, each once. */
export const paths = leaves => [...new Set(leaves.map(leaf => leaf.slice(0, leaf.indexOf('='))))].sort();

/** What an answer is made of: its names and kinds of values. Elements of a list that are alike count once; an empty list stays one. */
export function shape(value) {
  if (Array.isArray(value)) return [...new Map(value.map(element => [JSON.stringify(shape(element)), shape(element)])).values()];
  if (value === null || typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.keys(value).sort().map(name => [name, shape(value[name])]));
}
