package synthetic
func (c *country) indicatorsTable() []byte { return nil }
var failing = []int{0,0,0,0,0}
