package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// The tables that say who may reach what, compared with what the entries said: a right that nobody gave is found.

// people compares compartments, members, assignments, referrals, broken glass and credentials.
func (v *verification) people() error {
	return errors.Join(
		v.rows("compartments", entryCompartment, v.compartmentRow), v.rows("assignments", entryAssigned, v.assignmentRow),
		v.rows("referrals", entryReferral, v.referralRow), v.rows("glass", entryGlass, v.glassRow), v.members(),
		v.rows("credentials", entryCredential, v.credentialRow), v.rows("grants", entryGrant, v.grantRow),
		v.rows("marks", entryMark, v.markRow), v.rows("repetitions", entryRepetition, v.repetitionRow),
		v.recoveryChecks(), v.rows("recoveries", entryRecovery, v.recoveryRow), // what begins with the same word comes first
	)
}

// keepPeople remembers what entries say of these tables.
func (v *verification) keepPeople(e storedEntry, p ledger.Payload) {
	at := fmt.Sprint(e.at)
	switch e.typ {
	case entryCompartment:
		p.Body["at"] = at
		v.bodies[entryCompartment+e.obj] = p.Body
	case entryAssigned, entryReferral, entryGlass, entryCredential, entryRequest, entryMove, entryConsent, entryBID, entryExhibit, entryCustody, entryCitation, entryAssessment, entryExport, entryRecovery, entryRepetition:
		p.Body["at"], p.Body["by"] = at, e.actor
		v.bodies[e.typ+e.obj] = p.Body
	case entryRecoveryCheck:
		p.Body["at"], p.Body["by"] = at, e.actor
		v.bodies[e.typ+e.obj+"/"+e.actor] = p.Body
	case entryRepeatsEnd:
		v.amend(entryRepetition+e.obj, func(said map[string]string) {
			said["ended_by"], said["ended_at"], said["ending"] = e.actor, at, p.Body["reason"]
		})
	case entryRecoveryState:
		v.amend(entryRecovery+e.obj, func(said map[string]string) { moved(said, p.Body, at) })
	case entryErased:
		v.erasedIn[e.obj] = p.Body["erasure"] + " " + at
	case entryErasure, entryErasureAct:
		p.Body["at"], p.Body["by"] = at, e.actor
		v.bodies[e.typ+e.obj], v.saidWords[e.typ+e.obj] = p.Body, p.Body["words"]
	case entryMark:
		p.Body["at"], p.Body["by"], p.Body["record"], p.Body["object"] = at, e.actor, e.obj, p.Body["mark"]
		v.bodies[entryMark+p.Body["mark"]] = p.Body
	case entryLifted:
		v.amend(entryMark+p.Body["mark"], func(said map[string]string) {
			said["lifted_by"], said["lifted_at"], said["lifting"] = e.actor, at, p.Body["reason"]
		})
	case entryMember:
		v.bodies[entryMember+p.Body["compartment"]+"/"+e.obj] = map[string]string{"state": p.Body["state"], "at": at}
	case entryGrant:
		p.Body["at"] = at
		v.bodies[entryGrant+e.obj] = p.Body
	case entryGranted:
		v.amend(entryGrant+e.obj, func(said map[string]string) {
			said["state"], said["answered_by"], said["answered_at"] = p.Body["state"], e.actor, at
		})
	case entrySought:
		v.amend(entryRequest+p.Body["request"], func(said map[string]string) {
			turn, _ := strconv.Atoi(p.Body["turn"]) // what is no number is no turn of the table either
			said[numbered("sought", turn, "record")], said[numbered("sought", turn, "added")] = e.obj, soughtAdded(e.actor, e.at)
		})
	case entryUnassigned:
		v.amend(entryAssigned+e.obj, func(said map[string]string) { said["ended_at"] = at })
	case entryCredentialState:
		v.amend(entryCredential+e.obj, func(said map[string]string) { said["state"] = p.Body["state"] })
	case entryReferred:
		v.amend(entryReferral+e.obj, func(said map[string]string) { said["state"] = p.Body["state"] })
	case entryFinding:
		v.amend(entryGlass+e.obj, func(said map[string]string) {
			said["state"], said["finding"], said["reviewed_by"], said["reviewed_at"] = p.Body["state"], p.Body["finding"], e.actor, at
		})
	}
}

func (v *verification) compartmentRow(id string) (map[string]string, error) {
	c, err := v.tx.Compartment(homeward.CompartmentID(id))
	return map[string]string{"name": c.Name, "at": fmt.Sprint(micros(c.CreatedAt))}, err
}

func (v *verification) assignmentRow(id string) (map[string]string, error) {
	list, err := v.tx.assignments("where a.id = $1", id)
	if err != nil {
		return nil, err
	}
	a := list[0]
	body := assignmentBody(a)
	body["at"], body["by"] = fmt.Sprint(micros(a.At)), string(a.By)
	if !a.EndedAt.IsZero() {
		body["ended_at"] = fmt.Sprint(micros(a.EndedAt))
	}
	return body, nil
}

func (v *verification) referralRow(id string) (map[string]string, error) {
	list, err := v.tx.referrals("where id = $1", id)
	if err != nil {
		return nil, err
	}
	r := list[0]
	body := referralBody(r)
	body["at"], body["by"] = fmt.Sprint(micros(r.At)), string(r.From)
	if r.State != homeward.ReferralOffered {
		body["state"] = string(r.State)
	}
	return body, nil
}

func (v *verification) glassRow(id string) (map[string]string, error) {
	list, err := v.tx.glass("where g.id = $1", id)
	if err != nil {
		return nil, err
	}
	g := list[0]
	body := glassBody(g)
	body["at"], body["by"] = fmt.Sprint(micros(g.At)), string(g.By)
	if g.State != homeward.GlassUnreviewed || g.ReviewedBy != "" || !g.ReviewedAt.IsZero() || g.Finding != "" {
		maps.Copy(body, map[string]string{
			"state": string(g.State), "finding": g.Finding, "reviewed_by": string(g.ReviewedBy), "reviewed_at": fmt.Sprint(micros(g.ReviewedAt)),
		})
	}
	return body, nil
}

func (v *verification) grantRow(id string) (map[string]string, error) {
	g, err := v.tx.Grant(homeward.GrantID(id))
	body := grantBody(g)
	body["at"] = fmt.Sprint(micros(g.At))
	if g.State != homeward.GrantWaiting || g.AnsweredBy != "" || !g.AnsweredAt.IsZero() {
		maps.Copy(body, map[string]string{
			"state": string(g.State), "answered_by": string(g.AnsweredBy), "answered_at": fmt.Sprint(micros(g.AnsweredAt)),
		})
	}
	return body, err
}

// credentialRow leaves out how often and when a credential was used: that moves at every sign-in.
func (v *verification) credentialRow(id string) (map[string]string, error) {
	list, err := v.tx.credentials("where id = $1", id)
	if err != nil {
		return nil, err
	}
	c := list[0]
	body := credentialBody(c)
	body["at"], body["by"] = fmt.Sprint(micros(c.CreatedAt)), string(c.Owner)
	return body, nil
}

// members compares who is in which compartment with the entries that put them there.
func (v *verification) members() error {
	err := v.tx.query("read members", `
		select compartment, member, state, at
		from members
		order by compartment, member`, nil, func(r *sql.Rows) error {
		var in, id, state string
		var at int64
		if err := r.Scan(&in, &id, &state, &at); err != nil {
			return err
		}
		said := v.bodies[entryMember+in+"/"+id]
		delete(v.bodies, entryMember+in+"/"+id)
		if said["state"] != state || said["at"] != fmt.Sprint(at) {
			v.found("members", id, -1, "the membership differs from the entry that gave it")
		}
		return nil
	})
	for _, k := range slices.Sorted(maps.Keys(v.bodies)) {
		if place, ok := strings.CutPrefix(k, entryMember); ok {
			_, id, _ := strings.Cut(place, "/")
			v.found("members", id, -1, "the membership that an entry tells of is gone")
		}
	}
	return err
}

func (v *verification) repetitionRow(id string) (map[string]string, error) {
	r, err := v.tx.repetition(homeward.RepetitionID(id))
	if err != nil {
		return nil, err
	}
	body := repetitionBody(r)
	body["at"], body["by"] = fmt.Sprint(micros(r.At)), string(r.By)
	if !r.EndedAt.IsZero() || r.EndedBy != "" {
		body["ended_by"], body["ended_at"], body["ending"] = string(r.EndedBy), fmt.Sprint(micros(r.EndedAt)), r.Ending
	}
	return body, nil
}

func (v *verification) markRow(id string) (map[string]string, error) {
	m, err := v.tx.Mark(homeward.MarkID(id))
	if err != nil {
		return nil, err
	}
	body := markBody(m)
	body["at"], body["by"], body["record"] = fmt.Sprint(micros(m.At)), string(m.By), string(m.Record)
	if !m.Stands() || m.LiftedBy != "" || m.Lifting != "" {
		body["lifted_by"], body["lifted_at"], body["lifting"] = string(m.LiftedBy), fmt.Sprint(micros(m.LiftedAt)), m.Lifting
	}
	return body, nil
}
