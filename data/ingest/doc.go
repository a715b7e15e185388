// Package ingest counts records into pairs of an area and a provider, from text,
// Parquet or an engine that does the counting where the rows live.
//
// In: files, or the URL of PostgreSQL, ClickHouse or SQL Server. Out: sorted
// [Pairs] and a [Report]; or the SQL that an engine of another kind can run. It
// may import data, data/table and flow.
package ingest
