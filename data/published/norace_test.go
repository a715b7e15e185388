//go:build !race

package published

const raceDetector = false
