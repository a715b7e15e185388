// Package definition says what indicators are: their kind, polarity, target and
// domain.
//
// In: YAML or CSV. Out: checked definitions, or located faults. It may import
// flow/fault and flow/yamlfile.
package definition
