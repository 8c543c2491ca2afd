package review

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// trained is a model as stored, with how many rows it was trained on and what its probabilities are calibrated by, nil while
// decisions are too few. It is kept sealed: its frequencies are made of names.
type trained struct {
	id          homeward.ModelID
	rows        int
	model       *linkage.Model
	calibration *linkage.Calibration
}

type storedModel struct {
	Rows        int             `json:"rows"`
	Model       json.RawMessage `json:"model"`
	Calibration json.RawMessage `json:"calibration,omitempty"`
}

func (t trained) encode() ([]byte, error) {
	text, err := t.model.Encode()
	if err != nil {
		return nil, fmt.Errorf("encode model: %w", err)
	}
	stored := storedModel{Rows: t.rows, Model: text}
	if t.calibration != nil {
		if stored.Calibration, err = t.calibration.Encode(); err != nil {
			return nil, fmt.Errorf("encode calibration: %w", err)
		}
	}
	return json.Marshal(stored)
}

func decodeModel(id homeward.ModelID, text []byte) (*trained, error) {
	var s storedModel
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read model %s: %w", id, err)
	}
	m, err := linkage.DecodeModel(s.Model)
	if err != nil {
		return nil, fmt.Errorf("read model %s: %w", id, err)
	}
	t := &trained{id: id, rows: s.Rows, model: m}
	if len(s.Calibration) > 0 {
		if t.calibration, err = linkage.DecodeCalibration(s.Calibration); err != nil {
			return nil, fmt.Errorf("read model %s: %w", id, err)
		}
	}
	return t, nil
}

// newestModel returns the model in force, or nil when there is none, or none that this program understands: an older
// program's model weighs nothing any more, and another is trained.
func (r *Review) newestModel(tx *store.Tx) (*trained, error) {
	id, text, err := tx.NewestModel()
	if errors.Is(err, homeward.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.decoded(id, text), nil
}

// decoded returns a model as decoded before, or decodes it: a model of many names is large. It is nil when the text is
// of a version that is not understood.
func (r *Review) decoded(id homeward.ModelID, text []byte) *trained {
	if t, ok := r.models.Load(id); ok {
		return t.(*trained)
	}
	t, err := decodeModel(id, text)
	if err != nil {
		return nil
	}
	r.models.Store(id, t)
	return t
}

// model returns the model that weighed a pair; the newest, or the untrained one, when that cannot be read any more or
// no id is given.
func (r *Review) model(tx *store.Tx, id homeward.ModelID) (*trained, error) {
	if t, ok := r.models.Load(id); ok {
		return t.(*trained), nil
	}
	if id != "" {
		text, err := tx.Model(id)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if t := r.decoded(id, text); err == nil && t != nil {
			return t, nil
		}
	}
	t, err := r.newestModel(tx)
	if t == nil && err == nil {
		t = &trained{model: linkage.DefaultModel()}
	}
	return t, err
}

// outgrown reports whether the register has doubled since the model was trained.
func (t *trained) outgrown(rows int) bool { return t == nil || rows >= 2*t.rows && rows > t.rows }
