/**
 * Finds words that a component says itself instead of taking them from the catalogue (ui/src/text), where they could
 * be translated: text between tags, and texts given to attributes that people read or hear.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'rolldown/utils';
import { root } from './prepare.mjs';

const SPOKEN_ATTRIBUTES = new Set([
  'title',
  'alt',
  'label',
  'placeholder',
  'aria-label',
  'aria-description',
  'caption',
]);
/** A word in any script; units and signs alone are none. */
const WORD = /\p{L}{2,}/u;

/** @returns {string[]} `file:line: "words"` of everything found */
export function findLooseWords(file, source) {
  const { program, errors } = parseSync(file, source, { lang: 'tsx' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = [];
  const report = (node, words) => {
    const line = source.slice(0, node.start).split('\n').length;
    found.push(`${file}:${line}: ${JSON.stringify(words.trim())}`);
  };
  const visit = (node) => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    if (node.type === 'JSXText' && WORD.test(node.value)) report(node, node.value);
    if (node.type === 'JSXAttribute' && SPOKEN_ATTRIBUTES.has(attributeName(node.name))) {
      for (const words of literalsOf(node.value)) if (WORD.test(words)) report(node, words);
    }
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node.children) {
        if (child.type !== 'JSXExpressionContainer') continue;
        for (const words of literalsOf(child)) if (WORD.test(words)) report(child, words);
      }
    }
    for (const value of Object.values(node)) if (typeof value === 'object') visit(value);
  };
  visit(program);
  return found;
}

function attributeName(name) {
  return name.type === 'JSXNamespacedName' ? `${name.namespace.name}:${name.name.name}` : name.name;
}

/** Literal texts an expression can come to, without looking into calls. */
function literalsOf(node) {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return node.quasis.map(({ value }) => value.cooked ?? '');
    case 'JSXExpressionContainer':
      return literalsOf(node.expression);
    case 'ParenthesizedExpression':
      return literalsOf(node.expression);
    case 'ConditionalExpression':
      return [...literalsOf(node.consequent), ...literalsOf(node.alternate)];
    case 'LogicalExpression':
      return [...literalsOf(node.left), ...literalsOf(node.right)];
    default:
      return [];
  }
}

/** Everything in the components of the interface. */
export function findLooseWordsOfUi() {
  const dir = join(root, 'ui/src');
  return readdirSync(dir, { recursive: true })
    .filter((name) => name.endsWith('.tsx'))
    .flatMap((name) => findLooseWords(relative(root, join(dir, name)), readFileSync(join(dir, name), 'utf8')));
}
