// Makes one element's children like another's with as little change as possible: what has not changed is not touched,
// so nothing flickers and the focus stays where it is.
export function morph(old, wanted) {
  const before = [...old.childNodes].filter(says);
  const after = [...wanted.childNodes].filter(says);
  after.forEach((node, at) => {
    const there = before[at];
    if (!there) old.append(node);
    else if (!alike(there, node)) there.replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) {
      attributes(there, node);
      morph(there, node);
    } else if (there.nodeValue !== node.nodeValue) there.nodeValue = node.nodeValue;
  });
  before.slice(after.length).forEach((node) => node.remove());
}

// Spaces between elements say nothing, and differ between the page and what is sent later.
const says = (node) => node.nodeType === Node.ELEMENT_NODE || node.nodeValue.trim() !== "";

const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName
  && (one.id || "") === (other.id || "");

function attributes(old, wanted) {
  for (const { name, value } of [...wanted.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  }
}
