// node elsewhere.mjs PLAIN.geojson FILE.parquet HYPARQUET: what hyparquet reads of
// a GeoParquet file is the GeoJSON: rows, columns, places.
import fs from 'node:fs';

const [, , plain, file, library] = process.argv;
const {parquetReadObjects, parquetMetadata, toJson} = await import(library);
const bytes = fs.readFileSync(file);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const meta = parquetMetadata(buffer);
const geo = JSON.parse(meta.key_value_metadata.find(m => m.key === 'geo').value);
if (geo.version !== '1.1.0' || geo.primary_column !== 'geometry' || geo.columns.geometry.encoding !== 'WKB') throw new Error('its description is ' + JSON.stringify(geo));
const rows = toJson(await parquetReadObjects({file: buffer}));
const want = JSON.parse(fs.readFileSync(plain)).features;
const faults = [];
if (rows.length !== want.length) faults.push(`${rows.length} rows, not ${want.length}`);
want.forEach((f, i) => {
  const row = rows[i];
  for (const k in f.properties) if ((row[k] ?? null) !== f.properties[k]) faults.push(`${f.id}: ${k} is ${row[k]}, not ${f.properties[k]}`);
  if (JSON.stringify(row.geometry.coordinates) !== JSON.stringify(f.geometry.coordinates) || row.geometry.type !== f.geometry.type) faults.push(`${f.id} lies elsewhere`);
});
console.log(faults.length ? faults.slice(0, 40).join('\n') : `ok    hyparquet reads ${rows.length} rows of ${file}`);
process.exit(faults.length ? 1 : 0);
