// node geoparquet.mjs PLAIN.geojson FILE.parquet NODE_MODULES: what DuckDB and the
// parquet crate of Rust read of a GeoParquet file is the GeoJSON: columns, types,
// rows and places; and its description keeps the rules of GeoParquet 1.1.
// node geoparquet.mjs --query FILE.sql NODE_MODULES prints what DuckDB answers.
import fs from 'node:fs';
import path from 'node:path';

const [, , plain, file, modules] = process.argv;
const {DuckDBInstance} = await import(path.join(modules, '@duckdb/node-api/lib/index.js'));
const db = await (await DuckDBInstance.create(':memory:')).connect();
if (plain === '--query') {
  for (const row of (await db.runAndReadAll(fs.readFileSync(file, 'utf8'))).getRows()) console.log(row.map(String).join('\t').slice(0, 200));
  process.exit(0);
}
const want = JSON.parse(fs.readFileSync(plain)).features;
const faults = [];
const expect = (ok, text) => { if (!ok) faults.push(text); };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// place reads well-known binary to its last byte.
function place(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const point = little => [view.getFloat64((at += 8) - 8, little), view.getFloat64((at += 8) - 8, little)];
  const list = (little, one) => Array.from({length: view.getUint32((at += 4) - 4, little)}, one);
  const names = [, 'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'];
  function geometry() {
    const little = view.getUint8(at++) === 1, kind = view.getUint32((at += 4) - 4, little);
    if (kind === 1) return {type: names[kind], coordinates: point(little)};
    if (kind === 2) return {type: names[kind], coordinates: list(little, () => point(little))};
    if (kind === 3) return {type: names[kind], coordinates: list(little, () => list(little, () => point(little)))};
    if (kind in names) return {type: names[kind], coordinates: list(little, () => geometry().coordinates)};
    throw new Error(`well-known binary has the type ${kind}`);
  }
  const out = geometry();
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes follow a geometry`);
  return out;
}

// points lists the positions of a geometry.
const points = c => typeof c[0] === 'number' ? [c] : c.flatMap(points);
const bound = all => all.length ? [0, 1].map(k => Math.min(...all.map(p => p[k]))).concat([0, 1].map(k => Math.max(...all.map(p => p[k])))) : null;

// describes holds the description against the rules of GeoParquet 1.1.
function describes(geo) {
  expect(geo.version === '1.1.0', `its version is ${geo.version}`);
  expect(same(Object.keys(geo).sort(), ['columns', 'primary_column', 'version']), `its description has ${Object.keys(geo)}`);
  const c = geo.columns?.[geo.primary_column];
  if (!c) return faults.push('its primary column is not described');
  const types = c.geometry_types;
  expect(c.encoding === 'WKB', `the encoding is ${c.encoding}`);
  expect(Array.isArray(types) && new Set(types).size === types.length && types.every(t => /^(GeometryCollection|(Multi)?(Point|LineString|Polygon))( Z)?$/.test(t)), `the types are ${types}`);
  expect(want.every(f => !f.geometry || types.includes(f.geometry.type)), 'a geometry is of none of its types');
  expect(!('crs' in c), 'it has a crs, where none means longitude and latitude');
  expect(!('orientation' in c) || c.orientation === 'counterclockwise', `the orientation is ${c.orientation}`);
  expect(!('edges' in c) || ['planar', 'spherical'].includes(c.edges), `the edges are ${c.edges}`);
  expect(same(c.bbox, bound(want.flatMap(f => f.geometry ? points(f.geometry.coordinates) : []))), `its box is ${c.bbox}`);
  for (const side of ['xmin', 'ymin', 'xmax', 'ymax']) expect(same(c.covering?.bbox?.[side], ['bbox', side]), `the box of a row has no ${side}`);
  if (c.orientation) {
    const turn = ring => ring.reduce((sum, p, i) => i ? sum + (ring[i - 1][0] - ring[0][0]) * (p[1] - ring[0][1]) - (p[0] - ring[0][0]) * (ring[i - 1][1] - ring[0][1]) : 0, 0);
    for (const f of want) for (const polygon of f.geometry?.type === 'MultiPolygon' ? f.geometry.coordinates : []) polygon.forEach((ring, i) => expect(turn(ring) > 0 === (i === 0), `${f.id}: a ring turns the wrong way`));
  }
}

// holds compares rows, as objects with their geometry and box, with the GeoJSON.
function holds(reader, rows) {
  expect(rows.length === want.length, `${reader} reads ${rows.length} rows, not ${want.length}`);
  want.forEach((f, i) => {
    const row = rows[i] ?? {};
    for (const k in f.properties) expect((row[k] ?? null) === f.properties[k], `${reader}: ${f.id}: ${k} is ${row[k]}, not ${f.properties[k]}`);
    expect(same(Object.keys(row), [...Object.keys(f.properties), 'geometry', 'bbox']), `${reader}: ${f.id} has the columns ${Object.keys(row)}`);
    expect(same(row.geometry && place(row.geometry), f.geometry), `${reader}: ${f.id} lies elsewhere`);
    expect(same(row.bbox, f.geometry && bound(points(f.geometry.coordinates))), `${reader}: ${f.id} has the box ${row.bbox}`);
  });
}

const plainNumber = v => typeof v === 'bigint' ? Number(v) : v;
const sides = b => b && [b.xmin, b.ymin, b.xmax, b.ymax];

// DuckDB tells by the description alone that a column holds geometries.
const rowsOf = async sql => (await db.runAndReadAll(sql)).getRowObjects();
const from = `read_parquet('${file.replaceAll("'", "''")}')`;
const types = Object.fromEntries((await rowsOf(`describe select * from ${from}`)).map(r => [r.column_name, r.column_type]));
expect(types.geometry === "GEOMETRY('OGC:CRS84')", `DuckDB takes the geometry for ${types.geometry}`);
const kinds = {string: 'VARCHAR', boolean: 'BOOLEAN'};
for (const f of want) for (const k in f.properties) {
  const v = f.properties[k];
  const fits = v === null || types[k] === (kinds[typeof v] ?? types[k]) && (typeof v !== 'number' || ['BIGINT', 'DOUBLE'].includes(types[k]));
  expect(fits, `DuckDB: ${k} is ${types[k]}, and ${f.id} has ${v}`);
}
const duck = await rowsOf(`select * exclude (geometry, bbox), ST_AsWKB(geometry) as geometry, bbox from ${from}`);
holds('DuckDB', duck.map(r => ({...Object.fromEntries(Object.entries(r).map(([k, v]) => [k, plainNumber(v)])), geometry: r.geometry && r.geometry.bytes, bbox: r.bbox && sides(r.bbox.entries)})));

const arrow = await import(path.join(modules, 'apache-arrow/Arrow.node.mjs'));
const parquet = (await import(path.join(modules, 'parquet-wasm/node/parquet_wasm.js'))).default;
const table = arrow.tableFromIPC(parquet.readParquet(fs.readFileSync(file)).intoIPCStream());
describes(JSON.parse(table.schema.metadata.get('geo')));
const names = table.schema.fields.map(f => f.name);
holds("Rust's parquet", Array.from(table, r => Object.fromEntries(names.map(k => [k, k === 'bbox' ? sides(r[k]) : k === 'geometry' ? r[k] : plainNumber(r[k])]))));

console.log(faults.length ? faults.slice(0, 40).join('\n') : `ok    DuckDB and Rust's parquet read ${want.length} rows of ${file} as GeoParquet 1.1`);
process.exit(faults.length ? 1 : 0);
