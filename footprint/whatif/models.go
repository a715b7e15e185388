package whatif

import (
	"errors"
	"fmt"
)

// Left is a model that the flows do not determine, and why.
type Left struct {
	Name string
	Err  error // wraps ErrNotFound
}

// Models fits the models of some names, in their order. Those that the flows do
// not determine are left out.
func (d *Data) Models(names []string, o GravityOptions) (models []Model, left []Left, err error) {
	f := &fitter{Data: d, options: o}
	for _, name := range names {
		m := Model{Name: name}
		switch name {
		case Nearest, SharesModel:
		case GravityModel:
			m.Fit, err = f.gravity(o)
		case MixedModel:
			m.Fit, err = f.mixed()
		default:
			err = fmt.Errorf("whatif: no model %q", name)
		}
		switch {
		case errors.Is(err, ErrNotFound):
			left, err = append(left, Left{name, err}), nil
		case err != nil:
			return nil, nil, err
		default:
			models = append(models, m)
		}
	}
	return models, left, nil
}

// fitter keeps a fit that two models need.
type fitter struct {
	*Data
	options GravityOptions
	effects *Fit // the model of gravity with an effect of each provider
}

// gravity fits the model of gravity.
func (f *fitter) gravity(o GravityOptions) (*Fit, error) {
	if f.effects != nil && !o.BySize {
		return f.effects, nil
	}
	fit, err := FitGravity(f.Data, o)
	if err == nil && !o.BySize {
		f.effects = fit
	}
	return fit, err
}

// mixed fits the mixed model, which begins from that of gravity.
func (f *fitter) mixed() (*Fit, error) {
	o := f.options
	o.BySize = false
	from, err := f.gravity(o)
	if err != nil {
		return nil, err
	}
	return FitMixed(f.Data, from)
}
