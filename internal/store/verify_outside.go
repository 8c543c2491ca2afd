package store

import (
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward/ledger"
)

// The tables of the log's dealings with the outside, compared with what the entries said.

// outside compares trusts, publications, cosignatures, time-stamps, successions, alarms and the keys that sign captures.
func (v *verification) outside() error {
	return errors.Join(
		v.rows("trusts", entryTrust, v.trustRow), v.rows("publications", entryPublication, v.publicationRow),
		v.rows("cosignatures", entryCosignature, v.cosignatureRow), v.rows("alarms", entryAlarm, v.alarmRow),
		v.rows("stamps", entryStamp, v.stampRow), v.rows("successions", entrySuccession, v.successionRow),
		v.rows("capture_keys", entryCaptureKey, v.captureKeyRow),
	)
}

// keepOutside remembers what entries say of these tables.
func (v *verification) keepOutside(e storedEntry, p ledger.Payload) {
	at := fmt.Sprint(e.at)
	switch e.typ {
	case entryTrust, entryPublication, entryCosignature, entryStamp, entrySuccession, entryAlarm, entryCaptureKey:
		p.Body["at"] = at
		v.bodies[e.typ+e.obj] = p.Body
	case entryAlarmClosed:
		v.amend(entryAlarm+e.obj, func(said map[string]string) {
			said["closed_at"], said["closed_by"], said["reason"] = at, e.actor, p.Body["reason"]
		})
	}
}
