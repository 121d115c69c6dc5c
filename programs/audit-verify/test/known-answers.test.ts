import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../src/canonical-json.ts';
import { inexactNumber } from '../src/exact-numbers.ts';
import { createTree, hashLeaf } from '../src/merkle.ts';
import { nameGivenTwice } from '../src/names-once.ts';
import { tilePath } from '../src/tiles.ts';

describe('canonical JSON', () => {
  test('is the example of RFC 8785, 3.2.2 to 3.2.4, byte for byte', () => {
    const given = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const bytes =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c3165' +
      '2b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(Buffer.from(canonicalJson(JSON.parse(given))).toString('hex')).toBe(bytes);
  });

  test('orders names by UTF-16 code units, as RFC 8785, 3.2.3 shows', () => {
    const given = String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`;
    const order = [...canonicalJson(JSON.parse(given)).matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
  ])('writes the number %s of RFC 8785, appendix B', (ieee, text) => {
    expect(canonicalJson(Buffer.from(ieee, 'hex').readDoubleBE())).toBe(text);
  });

  test('refuses half a surrogate pair, and what would exhaust the stack', () => {
    expect(() => canonicalJson({ a: '\ud800' })).toThrow('holds half a surrogate pair');
    expect(() => canonicalJson({ '\udc00': 1 })).toThrow('holds half a surrogate pair');
    expect(() => canonicalJson(JSON.parse(`${'['.repeat(600)}${']'.repeat(600)}`))).toThrow('is nested deeper than 500 levels');
  });
});

test.each([
  ['{"a":1,"b":{"a":2,"c":[{"a":3},{"a":4}]}}', null],
  ['{ "a": "\\"b\\": {", "b": "," }', null],
  ['{"2":1,"1":[],"3":{}}', null],
  ['{"a":1,"b":2,"a":3}', 'a'],
  [String.raw`{"result":"denied","r\u0065sult":"success"}`, 'result'],
  ['{"b":[1,{"c":{},"d":[],"c":2}]}', 'c'],
])('a name that an object has twice is seen: %s', (text, name) => {
  expect(nameGivenTwice(text)).toBe(name);
});

test.each([
  ['{"a":[0,-0,0.0,1,1.0,10e-1,-1.50E+2,5e-324,1.7976931348623157e308,1000000000000000000000]}', null],
  ['{"9007199254740993":"1e400, 9007199254740993"}', null],
  ['{"a":1e400}', '1e400'],
  ['{"a":"\\\\","b":[1,-1e999]}', '-1e999'],
  ['{"a":9007199254740993}', '9007199254740993'],
  ['{"a":1e-400}', '1e-400'],
  ['{"a":0.1000000000000000000001}', '0.1000000000000000000001'],
])('a number that a double does not hold as it is written is seen: %s', (text, number) => {
  expect(inexactNumber(text)).toBe(number);
});

describe('the Merkle tree', () => {
  /** The leaves and roots that Certificate Transparency's own reference tests use for RFC 6962. */
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  test('has the known roots of RFC 6962 at every size from 0 to 8', () => {
    const tree = createTree();
    const found = [tree.root().toString('hex')];
    for (const leaf of leaves) {
      tree.push(hashLeaf(Buffer.from(leaf, 'hex').toString('latin1')));
      found.push(tree.root().toString('hex'));
    }
    expect(found).toEqual(roots);
    expect(tree.size()).toBe(8);
  });
});

test('tiles are found where C2SP tlog-tiles puts them', () => {
  expect([0, 67, 999, 1_000, 1_234_067].map(tilePath)).toEqual(['000', '067', '999', 'x001/000', 'x001/x234/067']);
});
