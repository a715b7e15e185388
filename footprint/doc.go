// Package footprint groups the areas and providers of a flow matrix into
// footprints: candidate health systems, each with at least one area and one
// provider, whose residents get most of their care inside.
//
// A method is a struct that is the method; its zero value works:
//
//	p, err := footprint.Leiden{Resolution: 2, Seed: 1}.Partition(ctx, m)
//	for _, f := range p.Footprints() {
//		fmt.Println(f.ID, len(f.Areas), len(f.Providers))
//	}
//
// The package knows no files and no geometry: contiguity is asked of an
// [Adjacency], people of a slice of populations.
//
// # References
//
//   - Traag VA, Waltman L, van Eck NJ (2019). From Louvain to Leiden:
//     guaranteeing well-connected communities. Scientific Reports 9:5233.
//     doi:10.1038/s41598-019-41695-z
//   - Newman MEJ (2006). Modularity and community structure in networks. PNAS
//     103:8577. doi:10.1073/pnas.0601602103
//   - Reichardt J, Bornholdt S (2006). Statistical mechanics of community
//     detection. Physical Review E 74:016110. doi:10.1103/PhysRevE.74.016110
package footprint
