package sobol

import "math"

// Shares estimates a factor's share of the variance of all ranks together: Σ over
// footprints of the covariances over Σ of the variances. a and b are ranks of n
// draws of nf footprints each, ab those of a with the factor of b. first is the
// share that the factor explains alone, by Saltelli's estimator, from 0 to 1;
// total that with its interactions, by Jansen's, at least 0; both 0 where ranks
// do not vary. shift is the places that a rank moves on average when the factor
// alone is drawn again. Saltelli A et al. (2010), Comput Phys Commun 181:259,
// doi:10.1016/j.cpc.2009.09.018; summed over outputs as in Gamboa F et al.
// (2014), Electron J Stat 8:575, doi:10.1214/14-EJS895.
func Shares(a, b, ab []int32, n, nf int) (first, total, shift float64) {
	var one, all, variance float64
	for f := range nf {
		var sum, sum2 float64
		for i := range n {
			x, y := float64(a[i*nf+f]), float64(b[i*nf+f])
			sum += x + y
			sum2 += float64(x*x) + float64(y*y)
		}
		mean := sum / float64(2*n)
		variance += sum2/float64(2*n) - float64(mean*mean)
		for i := range n {
			x, y, z := float64(a[i*nf+f]), float64(b[i*nf+f]), float64(ab[i*nf+f])
			one += (y - mean) * (z - x) / float64(n)
			all += (x - z) * (x - z) / float64(2*n)
			shift += math.Abs(x-z) / float64(n*nf)
		}
	}
	if variance > 1e-12 {
		// The estimate of a share near 0 may fall below it.
		first, total = max(0, min(1, one/variance)), max(0, all/variance)
	}
	return first, total, shift
}
