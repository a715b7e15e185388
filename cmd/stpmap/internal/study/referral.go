package study

import (
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/flow"
)

// referral reads --referral-flows: patients of major surgery, over the codes of
// the flows, through the same door.
func (l *loader) referral() error {
	name := l.ReferralFlows
	if name == "" || l.in.Matrix == nil {
		return nil
	}
	opts, err := l.flowOptions()
	if err != nil {
		return err
	}
	b := flow.NewBuilder()
	if l.OneMode {
		b = flow.NewOneModeBuilder()
	}
	if err := l.read("referral-flows", name, func(r io.Reader) error {
		rep, err := data.ReadFlows(l.ctx, cli.InputName(name), r, b, opts...)
		if err != nil {
			return err
		}
		u := FlowsUnderstood(name, &rep, nil).Known(l.known())
		u.Role = "referral-flows"
		l.in.understand(u)
		return nil
	}); err != nil {
		return err
	}
	m, _, err := b.Build()
	if err != nil {
		return cli.Inputf("referral-flows: %v", err)
	}
	l.in.Referral, _ = l.door().Matrix(m)
	return nil
}
