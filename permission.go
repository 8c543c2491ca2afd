package homeward

import "slices"

// whose says to whose acts a permission extends.
type whose int

const (
	anyones   whose = iota
	anothers        // not to the actor's own: nobody approves themselves
	ones            // what one did oneself, or is addressed to one
	offered         // what is addressed to one
	strangers       // neither one's own nor about oneself
)

// cell is one line of the table: who may do an action, and when.
type cell struct {
	placed bool              // it happens inside a compartment
	opens  bool              // it extends to single records opened by a referral or by broken glass
	whose  whose             // to whose acts it extends
	states []string          // of the thing; none: any
	only   map[Role][]string // states a single role is bound to
	roles  []Role
}

// table is the one place that says which role may do what. [ReachOf] reads it, and everything asks [ReachOf].
var table = map[Action]cell{
	ActionImport:         {placed: true, roles: []Role{RoleIntakeClerk, RoleTracingOfficer, RoleSupervisor, RoleSystem, RoleOperator}},
	ActionSeeSources:     {placed: true, roles: []Role{RoleIntakeClerk, RoleTracingOfficer, RoleReviewer, RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer, RoleReleaseOfficer, RoleSystem, RoleOperator}},
	ActionReadRecord:     {placed: true, opens: true, only: map[Role][]string{RoleIntakeClerk: {string(RecordQuarantined)}}, roles: append([]Role{RoleIntakeClerk}, seers...)},
	ActionSearch:         {placed: true, opens: true, roles: seers},
	ActionSeePerson:      {placed: true, opens: true, roles: seers},
	ActionSeeLooks:       {placed: true, roles: []Role{RoleSupervisor, RoleOperator}},
	ActionSeeRestricted:  {placed: true, roles: []Role{RoleSupervisor, RoleLegalOfficer, RoleSystem, RoleOperator}},
	ActionRetract:        {placed: true, roles: []Role{RoleTracingOfficer, RoleSupervisor}},
	ActionRestrict:       {placed: true, roles: []Role{RoleSupervisor, RoleLegalOfficer}},
	ActionHold:           {placed: true, roles: []Role{RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer}},
	ActionLift:           {placed: true, whose: anothers, roles: []Role{RoleSupervisor, RoleLegalOfficer}},
	ActionAskErasure:     {placed: true, roles: []Role{RoleSupervisor, RoleLegalOfficer, RoleOperator}},
	ActionApproveErasure: {placed: true, whose: anothers, roles: []Role{RoleSupervisor, RoleLegalOfficer}},
	ActionLearn:          {placed: true, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor}},
	ActionReview:         {placed: true, opens: true, roles: []Role{RoleTracingOfficer, RoleReviewer, RoleSupervisor, RoleSystem, RoleOperator}},
	ActionDecide:         {placed: true, roles: []Role{RoleTracingOfficer, RoleReviewer, RoleSupervisor, RoleSystem, RoleOperator}},
	ActionConfirm:        {placed: true, whose: anothers, states: []string{string(PairInReview)}, roles: []Role{RoleTracingOfficer, RoleReviewer, RoleSupervisor, RoleOperator}},
	ActionSettle:         {placed: true, whose: anothers, states: []string{string(PairInReview)}, roles: []Role{RoleSupervisor}},
	ActionBatch:          {placed: true, roles: []Role{RoleSupervisor}},
	ActionApplyBatch:     {placed: true, whose: anothers, states: []string{string(BatchSampling), string(BatchApplying)}, roles: []Role{RoleSupervisor}},
	ActionAssign:         {placed: true, roles: []Role{RoleSupervisor}},
	ActionRefer:          {placed: true, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor}},
	ActionAcceptReferral: {whose: offered, states: []string{string(ReferralOffered)}, roles: staff},
	ActionEndReferral:    {whose: ones, states: []string{string(ReferralOffered), string(ReferralAccepted)}, roles: staff},
	ActionBreakGlass:     {roles: staff},
	ActionReviewGlass:    {placed: true, whose: anothers, states: []string{string(GlassUnreviewed)}, roles: []Role{RoleSupervisor}},
	ActionSeeTeam:        {placed: true, roles: []Role{RoleSupervisor}},
	ActionSeeRequests:    {placed: true, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor, RoleSystem, RoleOperator}},
	ActionTrace:          {placed: true, roles: []Role{RoleTracingOfficer, RoleSupervisor, RoleSystem, RoleOperator}},
	ActionVerifyFamily:   {placed: true, whose: anothers, states: []string{string(RequestProposed)}, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor}},
	ActionDetermine:      {placed: true, states: underWay, roles: []Role{RoleCaseworker, RoleSupervisor}},
	ActionWaive:          {placed: true, states: underWay, roles: []Role{RoleSupervisor}},
	ActionReunify:        {placed: true, states: []string{string(RequestVerified)}, roles: []Role{RoleSupervisor}},
	ActionReadExhibit:    {placed: true, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer, RoleSystem, RoleOperator}},
	ActionAddExhibit:     {placed: true, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer, RoleSystem, RoleOperator}},
	ActionKeepExhibit:    {placed: true, roles: []Role{RoleEvidenceCustodian, RoleLegalOfficer, RoleOperator}},
	ActionCapture:        {placed: true, roles: []Role{RoleEvidenceCustodian, RoleLegalOfficer, RoleOperator}},
	ActionLiftHold:       {placed: true, whose: anothers, roles: []Role{RoleEvidenceCustodian, RoleLegalOfficer}},
	ActionCite:           {placed: true, roles: []Role{RoleTracingOfficer, RoleCaseworker, RoleSupervisor, RoleLegalOfficer}},
	ActionAssess:         {placed: true, roles: []Role{RoleLegalOfficer, RoleOperator}},
	ActionCount:          {placed: true, roles: []Role{RoleIntakeClerk, RoleTracingOfficer, RoleReviewer, RoleCaseworker, RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer, RoleReleaseOfficer, RoleSystem, RoleOperator}},
	ActionAddFigure:      {roles: []Role{RoleSupervisor, RoleReleaseOfficer, RoleOperator}},
	ActionExport:         {placed: true, roles: []Role{RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer, RoleOperator}},
	ActionVerify:         {roles: []Role{RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer, RoleAuditor, RoleAdministrator, RoleSystem, RoleOperator}},
	ActionReadAudit:      {roles: []Role{RoleAuditor, RoleOperator}},
	ActionManageUsers:    {whose: anothers, roles: []Role{RoleAdministrator, RoleOperator}},
	ActionConfirmRole:    {whose: strangers, states: []string{string(GrantWaiting)}, roles: []Role{RoleSupervisor, RoleAdministrator, RoleOperator}},
	ActionMoveSource:     {placed: true, roles: []Role{RoleSupervisor, RoleOperator}},
	ActionRelateSources:  {placed: true, roles: []Role{RoleSupervisor, RoleOperator}},
	ActionCheckIdentity:  {whose: strangers, states: []string{string(RecoveryAsked)}, roles: []Role{RoleSupervisor}},
	ActionManageRooms:    {roles: []Role{RoleAdministrator, RoleOperator}},
}

// underWay are the states of a request in which the return of its children is prepared.
var underWay = []string{string(RequestProposed), string(RequestVerified)}

// staff are the people who open children's pages; seers are they, the machine and the operator.
var (
	staff = []Role{RoleTracingOfficer, RoleReviewer, RoleCaseworker, RoleSupervisor, RoleEvidenceCustodian, RoleLegalOfficer}
	seers = append(slices.Clone(staff), RoleSystem, RoleOperator)
)

// sees says which field classes a role sees, wherever the table lets it read.
var sees = map[Role]Classes{
	RoleIntakeClerk:       AllClasses, // of rows in quarantine, which it mends
	RoleTracingOfficer:    ClassesOf(ClassIdentity, ClassLocation, ClassContact, ClassSource),
	RoleReviewer:          ClassesOf(ClassIdentity, ClassLocation, ClassSource),
	RoleCaseworker:        ClassesOf(ClassIdentity, ClassLocation, ClassContact, ClassHealth, ClassEvidence),
	RoleSupervisor:        AllClasses,
	RoleEvidenceCustodian: ClassesOf(ClassIdentity, ClassSource, ClassEvidence),
	RoleLegalOfficer:      ClassesOf(ClassIdentity, ClassLocation, ClassSource, ClassHealth, ClassEvidence),
	RoleReleaseOfficer:    ClassesOf(ClassSource),
	RoleSystem:            AllClasses,
	RoleOperator:          AllClasses,
}

// Can reports whether the table has the action for the actor's role at all: whether a door opens. What lies behind it is
// for [Can] to say, thing by thing.
func (a Actor) Can(action Action) bool { return slices.Contains(table[action].roles, a.Role) }

// Placed reports whether the action happens inside a compartment.
func (a Action) Placed() bool { return table[a].placed }

// WorksOnChildren reports whether the role has a part in the work on children's data, numbers included: only such a role
// can be a member of a compartment.
func (r Role) WorksOnChildren() bool {
	return slices.ContainsFunc(Actions, func(a Action) bool { return a.Placed() && Actor{Role: r}.Can(a) })
}

// Access is an actor with what was entrusted to it, as the store reads it at the start of a transaction.
type Access struct {
	Actor
	Everywhere   bool                 // the machine, and the operator
	Compartments []CompartmentID      // it is a member of
	Opened       map[RecordID]Classes // single records opened to it, and what of them
}

// Resource is a thing an action would touch, as far as permission hangs on it.
type Resource struct {
	Compartment CompartmentID
	Record      RecordID   // when it is one, or lies in one
	Class       FieldClass // of a claim; empty: the thing as a whole
	State       string     // on its axis
	By          UserID     // whose act it is, or whom it concerns
	For         UserID     // to whom it is addressed
}

// Can is the one function that decides: whether the actor may do the action on the thing.
func Can(who Access, action Action, on Resource) bool { return ReachOf(who, action).Admits(on) }

// Reach is what the table gives an actor for an action: the filter of every list of things it may be done on.
type Reach struct {
	Nothing      bool // the role may not do it at all
	Anywhere     bool // compartments do not matter
	Compartments []CompartmentID
	Opened       map[RecordID]Classes
	Classes      Classes  // what the role sees in its compartments
	States       []string // none: any
	whose        whose
	actor        UserID
}

// ReachOf is the one function that builds filters.
func ReachOf(who Access, action Action) Reach {
	c := table[action]
	r := Reach{
		Nothing: !who.Can(action), Anywhere: !c.placed || who.Everywhere, Compartments: who.Compartments,
		Classes: sees[who.Role], States: c.states, whose: c.whose, actor: who.ID,
	}
	if c.opens {
		r.Opened = who.Opened
	}
	if only := c.only[who.Role]; only != nil {
		r.States = only
	}
	return r
}

// Admits reports whether a thing is within the reach.
func (r Reach) Admits(x Resource) bool {
	switch {
	case r.Nothing || len(r.States) > 0 && !slices.Contains(r.States, x.State):
		return false
	case r.whose == anothers && (x.By == "" || x.By == r.actor):
		return false
	case r.whose == strangers && (x.By == "" || x.By == r.actor || x.For == r.actor):
		return false
	case r.whose == offered && x.For != r.actor:
		return false
	case r.whose == ones && x.For != r.actor && x.By != r.actor:
		return false
	}
	see, there := r.Sees(x.Compartment, x.Record)
	return there && (x.Class == "" || see.Has(x.Class))
}

// Sees returns the classes that may be seen of a record of a compartment; there is false when the record, as far as
// the actor is concerned, does not exist.
func (r Reach) Sees(in CompartmentID, record RecordID) (see Classes, there bool) {
	opened, there := r.Opened[record]
	if r.Anywhere || slices.Contains(r.Compartments, in) {
		return r.Classes | opened, true
	}
	return opened, there
}
