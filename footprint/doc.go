// Package footprint groups the areas and providers of a flow matrix into
// footprints: candidate health systems, each with at least one area and one
// provider, whose residents get most of their care inside.
//
// A method is a struct that is the method; its zero value works:
//
//	p, err := leiden.Leiden{Resolution: 2, Seed: 1}.Partition(ctx, m)
//	for _, f := range p.Footprints() {
//		fmt.Println(f.ID, len(f.Areas), len(f.Providers))
//	}
//
// In: a flow matrix, and [Constraints]. Out: a [Partition], its [Measures], and
// why a place lies where it does. The methods are in packages of their own, and
// footprint/registry lists them. This package may import flow and
// footprint/internal; it may not import a method.
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
//   - Blondel VD, Guillaume JL, Lambiotte R, Lefebvre E (2008). Fast unfolding
//     of communities in large networks. Journal of Statistical Mechanics
//     P10008. doi:10.1088/1742-5468/2008/10/P10008
//   - Traag VA, Van Dooren P, Nesterov Y (2011). Narrow scope for
//     resolution-limit-free community detection. Physical Review E 84:016114.
//     doi:10.1103/PhysRevE.84.016114
//   - Barber MJ (2007). Modularity and community detection in bipartite
//     networks. Physical Review E 76:066102. doi:10.1103/PhysRevE.76.066102
//   - Rosvall M, Bergstrom CT (2008). Maps of random walks on complex networks
//     reveal community structure. PNAS 105:1118. doi:10.1073/pnas.0706851105
//   - Franconi L, Ichim D, D'Aló M (2017). Labour market areas for territorial
//     policies. Statistical Journal of the IAOS 33:585. doi:10.3233/SJI-160343
//   - Masser I, Brown PJB (1975). Hierarchical aggregation procedures for
//     interaction data. Environment and Planning A 7:509. doi:10.1068/a070509
//   - Wennberg J, Gittelsohn A (1973). Small area variations in health care
//     delivery. Science 182:1102. doi:10.1126/science.182.4117.1102
//   - Haynes AG, Wertli MM, Aujesky D (2020). Automated delineation of hospital
//     service areas as a new tool for health care planning. Health Services
//     Research 55:469. doi:10.1111/1475-6773.13275
//   - Lancichinetti A, Fortunato S (2012). Consensus clustering in complex
//     networks. Scientific Reports 2:336. doi:10.1038/srep00336
package footprint
