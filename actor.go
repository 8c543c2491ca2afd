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
	// RoleAwaiting may do nothing: it is that of a user whose role nobody has confirmed yet.
	RoleAwaiting Role = "awaiting"
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
