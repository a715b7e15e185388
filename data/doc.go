// Package data reads the tables that people have into canonical form: flows,
// providers, population, partitions, indicators and points of areas.
//
//	for rec, err := range data.Records(ctx, "flows.csv", r) {
//		if err != nil {
//			return err // *fault.Error: flows.csv:3:9: negative count: -3
//		}
//		b.Add(rec.Area, rec.Provider, rec.Count)
//	}
//
// In: text, with the options of data/table. Out: rows as structs, and a report in
// which every row is in one of the numbers. Published formats are in
// data/published, records counted into pairs in data/ingest. It may import
// data/table and flow.
package data
