package homeward

// Role is what a user may do. A user has one role; an administrator has no data role.
type Role string

const (
	RoleIntakeClerk       Role = "intake-clerk"
	RoleTracingOfficer    Role = "tracing-officer"
	RoleReviewer          Role = "reviewer"
	RoleCaseworker        Role = "caseworker"
	RoleSupervisor        Role = "supervisor"
	RoleEvidenceCustodian Role = "evidence-custodian"
	RoleLegalOfficer      Role = "legal-officer"
	RoleReleaseOfficer    Role = "release-officer"
	RoleAuditor           Role = "auditor"
	RoleAdministrator     Role = "administrator"
	// RoleSystem is the machine acting by a written rule: the pipeline, a join on a verified document number.
	RoleSystem Role = "system"
	// RoleOperator is the person at the shell of the machine that holds the keys.
	RoleOperator Role = "operator"
)

// Roles lists the roles a user can be given, in the order in which pages show them.
var Roles = []Role{
	RoleIntakeClerk, RoleTracingOfficer, RoleReviewer, RoleCaseworker, RoleSupervisor,
	RoleEvidenceCustodian, RoleLegalOfficer, RoleReleaseOfficer, RoleAuditor, RoleAdministrator,
}

// Actor is who acts. There is no access to the store without one.
type Actor struct {
	ID   UserID
	Role Role
}

// System is the machine acting by a written rule.
var System = Actor{ID: "system", Role: RoleSystem}

// Operator is the person at the shell.
var Operator = Actor{ID: "operator", Role: RoleOperator}

// Action is a thing an actor may do.
type Action string

const (
	ActionImport      Action = "import"       // bring in an edition of a source
	ActionSeeSources  Action = "see-sources"  // see sources and their editions, without the rows
	ActionSearch      Action = "search"       // search records
	ActionSeePerson   Action = "see-person"   // open a person with its records
	ActionReview      Action = "review"       // see pairs
	ActionDecide      Action = "decide"       // decide on a pair, revoke a decision
	ActionCount       Action = "count"        // compute counts, see figures
	ActionAddFigure   Action = "add-figure"   // import figures of others
	ActionVerify      Action = "verify"       // see checkpoints and verify the ledger
	ActionManageUsers Action = "manage-users" // add users, change roles
)

// may is the table of permissions: the one place that says which role may do what.
var may = map[Role]map[Action]bool{
	RoleIntakeClerk:       set(ActionImport, ActionSeeSources, ActionCount),
	RoleTracingOfficer:    set(ActionImport, ActionSeeSources, ActionSearch, ActionSeePerson, ActionReview, ActionDecide, ActionCount),
	RoleReviewer:          set(ActionSeeSources, ActionSearch, ActionSeePerson, ActionReview, ActionDecide, ActionCount),
	RoleCaseworker:        set(ActionSeeSources, ActionSearch, ActionSeePerson, ActionCount),
	RoleSupervisor:        set(ActionImport, ActionSeeSources, ActionSearch, ActionSeePerson, ActionReview, ActionDecide, ActionCount, ActionAddFigure, ActionVerify),
	RoleEvidenceCustodian: set(ActionSeeSources, ActionSearch, ActionSeePerson, ActionCount, ActionVerify),
	RoleLegalOfficer:      set(ActionSeeSources, ActionSearch, ActionSeePerson, ActionCount, ActionVerify),
	RoleReleaseOfficer:    set(ActionSeeSources, ActionCount, ActionAddFigure),
	RoleAuditor:           set(ActionSeeSources, ActionCount, ActionVerify),
	RoleAdministrator:     set(ActionSeeSources, ActionVerify, ActionManageUsers),
	RoleSystem:            set(ActionImport, ActionSeeSources, ActionSearch, ActionSeePerson, ActionReview, ActionDecide, ActionCount, ActionVerify),
	RoleOperator:          set(ActionImport, ActionSeeSources, ActionSearch, ActionSeePerson, ActionReview, ActionDecide, ActionCount, ActionAddFigure, ActionVerify, ActionManageUsers),
}

func set(actions ...Action) map[Action]bool {
	m := make(map[Action]bool, len(actions))
	for _, a := range actions {
		m[a] = true
	}
	return m
}

// Can reports whether the actor's role allows the action. Unknown roles may do nothing.
func (a Actor) Can(action Action) bool { return may[a.Role][action] }
