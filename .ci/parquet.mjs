// node parquet.mjs STPMAP NODE_MODULES FOLDER: records in Parquet files that DuckDB and
// the parquet crate of Rust wrote, in every codec and both versions of pages, give
// the pairs that DuckDB counts; files packed by LZ4 are refused by name.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [, , stpmap, modules, folder] = process.argv;
const {DuckDBInstance} = await import(path.join(modules, '@duckdb/node-api/lib/index.js'));
const arrow = await import(path.join(modules, 'apache-arrow/Arrow.node.mjs'));
const rust = (await import(path.join(modules, 'parquet-wasm/node/parquet_wasm.js'))).default;
const db = await (await DuckDBInstance.create(':memory:')).connect();

// Columns of every kind: few values, many, ascending, absent, numbers and texts; 300,000
// rows are several row groups and many pages.
await db.run('set threads = 1');
await db.run(`create table records as select
  'E' || lpad((i * 7919 % 480)::varchar, 4, '0') as area, 'R' || (i * 104729 % 97)::varchar as provider,
  case when i % 13 = 5 then null else (i * 31 % 40) end::bigint as spells, case when i % 11 = 3 then null else (i * 17 % 9) end::integer as visits,
  (i * 13 % 7)::double as days, i::bigint as record, case when i % 3 = 0 then 'elective' when i % 17 = 1 then null else 'emergency' end as kind,
  case when i > 200000 then null else 'n' || hash(i)::varchar end as note, i % 2 = 0 as twice, date '2016-04-01' + (i % 365)::integer as seen
  from range(300000) t(i)`);

// What each job counts; a null of what is counted is a row left out.
const jobs = [
  [['--count', 'spells'], 'sum(spells)', 'spells is not null'],
  [['--count', 'visits'], 'sum(visits)', 'visits is not null'],
  [['--count', 'days', '--where', 'kind=elective'], 'sum(days)::bigint', "kind = 'elective'"],
  [['--where', 'kind=emergency'], 'count(*)', "kind = 'emergency'"],
];
const want = [];
for (const [, sum, where] of jobs) {
  const rows = (await db.runAndReadAll(`select area, provider, ${sum} as n from records where ${where} group by all order by all`)).getRows();
  if (rows.length < 10000) throw new Error(`${rows.length} pairs are too few to compare`);
  want.push(rows.map(r => r.map(String).join(',')).sort().join('\n'));
}

const files = [];
for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw', 'lz4']) {
  for (const version of ['V1', 'V2']) {
    const file = path.join(folder, `duckdb_${codec}_${version}.parquet`);
    await db.run(`copy records to '${file.replaceAll("'", "''")}' (format parquet, compression ${codec}, parquet_version ${version}, row_group_size 65536)`);
    files.push({file, lz4: codec.startsWith('lz4')});
  }
}
const names = ['area', 'provider', 'spells', 'visits', 'days', 'record', 'kind', 'note', 'twice'];
const columns = (await db.runAndReadAll(`select ${names.join(', ')} from records order by record`)).getColumns();
const types = {spells: new arrow.Int64(), visits: new arrow.Int32(), days: new arrow.Float64(), record: new arrow.Int64(), twice: new arrow.Bool()};
const table = new arrow.Table(Object.fromEntries(names.map((n, k) => [n, arrow.vectorFromArray(columns[k], types[n] ?? new arrow.Utf8())])));
const stream = arrow.tableToIPC(table, 'stream');
for (const codec of ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW']) {
  for (const version of [1, 2]) {
    const kept = new rust.WriterPropertiesBuilder().setCompression(rust.Compression[codec]).setWriterVersion(version === 1 ? rust.WriterVersion.V1 : rust.WriterVersion.V2)
      .setMaxRowGroupSize(100000).build();
    const file = path.join(folder, `rust_${codec}_V${version}.parquet`);
    fs.writeFileSync(file, rust.writeParquet(rust.Table.fromIPCStream(stream), kept));
    files.push({file, lz4: codec.startsWith('LZ4')});
  }
}

const faults = [];
let read = 0, refused = 0;
for (const {file, lz4} of files) {
  const name = path.basename(file);
  for (const [k, [flags]] of jobs.entries()) {
    const out = path.join(folder, 'pairs.csv');
    fs.rmSync(out, {force: true});
    const r = spawnSync(stpmap, ['ingest', '--from', file, ...flags, '--skip-missing', '--quiet', '-o', out], {encoding: 'utf8'});
    if (lz4) {
      if (r.status !== 3 || !r.stderr.includes('LZ4') || fs.existsSync(out)) faults.push(`${name}: status ${r.status}: ${r.stderr.trim()}`);
      else refused++;
      break;
    }
    if (r.status !== 0) { faults.push(`${name}, ${flags.join(' ')}: status ${r.status}: ${r.stderr.trim()}`); continue; }
    const got = fs.readFileSync(out, 'utf8').trim().split('\n').slice(1).sort().join('\n');
    if (got !== want[k]) faults.push(`${name}, ${flags.join(' ')}: other pairs than DuckDB counts`);
    else read++;
  }
}
console.log(faults.length ? faults.slice(0, 20).join('\n') : `ok    ${read} counts of Parquet files by DuckDB and Rust are DuckDB's own; ${refused} files packed by LZ4 are refused by name`);
process.exit(faults.length ? 1 : 0);
