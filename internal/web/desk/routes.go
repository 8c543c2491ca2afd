package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
)

// route is one thing that can be asked of the desk.
type route struct {
	pattern string // of http.ServeMux: method and path
	needs   need
	action  homeward.Action // of an actor, when needs is needsAction
	handle  func(*visit) error
}

// need says who may ask.
type need int

const (
	needsAction need = iota // someone signed in whose role may do the action; the zero action nobody may do
	needsUser               // anyone signed in
	needsSelf               // anyone signed in, about how they sign in: open while that is not yet set up
	needsNobody             // anyone
)

// routes is the one table of what the desk can be asked, and by whom.
func (d *Desk) routes() []route {
	open := func(pattern string, h func(*visit) error) route { return route{pattern, needsNobody, "", h} }
	signedIn := func(pattern string, h func(*visit) error) route { return route{pattern, needsUser, "", h} }
	may := func(a homeward.Action, pattern string, h func(*visit) error) route {
		return route{pattern, needsAction, a, h}
	}
	list := []route{
		open("GET /sign-in", d.showSignIn),
		open("POST /sign-in", d.signIn),
		open("POST /sign-in/passkey", d.askPasskey),
		open("POST /sign-in/passkey/answer", d.receivePasskey),
		open("POST /sign-in/linked", d.askProvider),
		open("GET "+LinkedBack, d.receiveSubject),
		open("GET /sign-in/lost", d.showLost),
		open("POST /sign-in/lost", d.askBack),
		open("GET /recovery/{token}", d.showRegain),
		open("POST /recovery/{token}", d.regain),
		open("GET /sign-in/code", d.showCode),
		open("POST /sign-in/code", d.receiveCode),
		open("POST /language", d.setLanguage),
		open("GET /invitation/{token}", d.showInvitation),
		open("POST /invitation/{token}", d.acceptInvitation),
		open("/", d.nothingHere),

		signedIn("GET /{$}", d.showStart),

		may(homeward.ActionSeeSources, "GET /sources", d.showSources),
		may(homeward.ActionSeeSources, "GET /sources/{source}", d.showSource),
		may(homeward.ActionMoveSource, "POST /sources/{source}/move", d.moveSource),
		may(homeward.ActionRelateSources, "POST /sources/{source}/repeats", d.relateSource),
		may(homeward.ActionSeeSources, "GET /editions/{edition}", d.showEdition),

		may(homeward.ActionImport, "GET /import", d.showImport),
		may(homeward.ActionImport, "POST /import", d.receiveFile),
		may(homeward.ActionImport, "GET /import/{token}", d.showPreview),
		may(homeward.ActionImport, "POST /import/{token}", d.answerPreview),
		may(homeward.ActionImport, "GET /quarantine", d.showQuarantine),

		may(homeward.ActionCount, "GET /counts", d.showCounts),
		may(homeward.ActionCount, "GET /figures", d.showFigures),
		may(homeward.ActionAddFigure, "POST /figures", d.addFigures),

		may(homeward.ActionVerify, "GET /ledger", d.showLedger),
		may(homeward.ActionVerify, "POST /ledger/verify", d.verifyLedger),

		may(homeward.ActionAcceptReferral, "GET /referrals", d.showReferrals),
		may(homeward.ActionAcceptReferral, "POST /referrals/{referral}", d.answerReferral),
		may(homeward.ActionBreakGlass, "GET /glass", d.showGlass),
		may(homeward.ActionBreakGlass, "POST /glass", d.breakGlass),
		may(homeward.ActionReviewGlass, "POST /glass/{glass}", d.reviewGlass),

		may(homeward.ActionManageUsers, "GET /admin/users", d.showUsers),
		may(homeward.ActionManageUsers, "POST /admin/users", d.invite),
		may(homeward.ActionManageUsers, "POST /admin/users/{user}/role", d.changeRole),
		may(homeward.ActionManageUsers, "POST /admin/users/{user}/disable", d.disable),
		may(homeward.ActionManageUsers, "POST /admin/users/{user}/recover", d.beginRecovery),
		may(homeward.ActionCheckIdentity, "GET /recoveries", d.showRecoveries),
		may(homeward.ActionCheckIdentity, "POST /recoveries/{recovery}", d.checkIdentity),
		may(homeward.ActionManageUsers, "POST /admin/users/{user}/enable", d.enable),
		may(homeward.ActionConfirmRole, "GET /admin/grants", d.showGrants),
		may(homeward.ActionConfirmRole, "POST /admin/grants/{grant}", d.answerGrant),
		may(homeward.ActionManageUsers, "GET /admin/roles", d.showRoles),
		may(homeward.ActionManageRooms, "GET /admin/compartments", d.showCompartments),
		may(homeward.ActionManageRooms, "POST /admin/compartments", d.addCompartment),
		may(homeward.ActionManageRooms, "GET /admin/compartments/{compartment}", d.showCompartment),
		may(homeward.ActionManageRooms, "POST /admin/compartments/{compartment}", d.setMember),
		may(homeward.ActionReadAudit, "GET /admin/audit", d.showAudit),
	}
	list = append(list, d.ownRoutes()...)
	list = append(list, d.childRoutes(may)...)
	list = append(list, d.requestRoutes(may)...)
	list = append(list, d.batchRoutes(may)...)
	list = append(list, d.markRoutes(may)...)
	list = append(list, d.exhibitRoutes(may)...)
	list = append(list, d.erasureRoutes(may)...)
	if d.Demo {
		list = append(list, open("POST /demo", d.signInAsRole))
	}
	return append(list, d.explaining()...)
}

// childRoutes are those that search for children, open their pages and decide on their records.
func (d *Desk) childRoutes(may func(homeward.Action, string, func(*visit) error) route) []route {
	return []route{
		may(homeward.ActionSearch, "GET /search", d.showSearch),
		may(homeward.ActionSearch, "POST /search", d.receiveSearch),
		may(homeward.ActionSearch, "GET /search/{token}", d.showHits),
		may(homeward.ActionSearch, "POST /search/{token}/save", d.saveSearch),
		may(homeward.ActionSearch, "GET /searches", d.showSearches),
		may(homeward.ActionSeePerson, "GET /state", d.showState),
		may(homeward.ActionSeeTeam, "GET /team", d.showTeam),
		may(homeward.ActionSearch, "POST /searches/{search}", d.answerSearch),
		may(homeward.ActionSeePerson, "GET /persons/{person}", d.showPerson),
		may(homeward.ActionSeePerson, "GET /persons/{person}/print", d.showPrinted),
		may(homeward.ActionExport, "GET /persons/{person}/export", d.showExport),
		may(homeward.ActionExport, "POST /persons/{person}/export", d.receiveExport),
		may(homeward.ActionExport, "GET /persons/{person}/dossier", d.showDossier),
		may(homeward.ActionExport, "POST /persons/{person}/dossier", d.receiveDossier),
		may(homeward.ActionSeePerson, "GET /persons/{person}/law", d.showLaw),
		may(homeward.ActionAssess, "POST /persons/{person}/law", d.assess),
		may(homeward.ActionAssess, "GET /persons/{person}/law/new", d.showNewLaw),
		may(homeward.ActionLearn, "POST /persons/{person}/learned", d.learn),
		may(homeward.ActionSearch, "GET /persons/{person}/near", d.showNear),
		may(homeward.ActionReview, "GET /review", d.showQueue),
		may(homeward.ActionReview, "GET /pairs/{pair}", d.showPair),
		may(homeward.ActionReview, "GET /persons/{person}/links", d.showLinks),
		may(homeward.ActionDecide, "POST /pairs/{pair}/decide", d.decide),
		may(homeward.ActionReview, "GET /pairs/{pair}/families", d.showFamilies),
		may(homeward.ActionDecide, "POST /pairs/{pair}/families", d.decideFamilies),
		may(homeward.ActionDecide, "POST /pairs/{pair}/withdraw", d.withdraw),
		may(homeward.ActionReview, "GET /decisions/{decision}", d.showDecision),
		may(homeward.ActionDecide, "POST /decisions/{decision}/revoke", d.revoke),
		may(homeward.ActionAssign, "POST /persons/{person}/assign", d.assign),
		may(homeward.ActionRefer, "POST /persons/{person}/refer", d.refer),
	}
}

// sections are the pages of the navigation, with the action that opens each.
var sections = []struct {
	path, key string
	action    homeward.Action
}{
	{"/review", "nav.review", homeward.ActionReview},
	{"/batches", "nav.batches", homeward.ActionBatch},
	{"/search", "nav.search", homeward.ActionSearch},
	{"/requests", "nav.requests", homeward.ActionSeeRequests},
	{"/exhibits", "nav.exhibits", homeward.ActionReadExhibit},
	{"/sources", "nav.sources", homeward.ActionSeeSources},
	{"/counts", "nav.counts", homeward.ActionCount},
	{"/figures", "nav.figures", homeward.ActionCount},
	{"/ledger", "nav.ledger", homeward.ActionVerify},
	{"/referrals", "nav.referrals", homeward.ActionAcceptReferral},
	{"/glass", "nav.glass", homeward.ActionBreakGlass},
	{"/marks", "nav.marks", homeward.ActionLift},
	{"/erasures", "nav.erasures", homeward.ActionAskErasure},
	{"/admin/users", "nav.users", homeward.ActionManageUsers},
	{"/admin/grants", "nav.grants", homeward.ActionConfirmRole},
	{"/recoveries", "nav.recoveries", homeward.ActionCheckIdentity},
	{"/admin/roles", "nav.roles", homeward.ActionManageUsers},
	{"/admin/compartments", "nav.compartments", homeward.ActionManageRooms},
	{"/admin/audit", "nav.audit", homeward.ActionReadAudit},
}

// serve answers one route: who is it, may they, what do they see.
func (d *Desk) serve(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := d.visit(w, r)
		defer d.log(rt.pattern, v)
		defer v.recover()
		if err := v.identify(); err != nil {
			v.fault(err)
			return
		}
		if err := v.answer(rt); err != nil {
			v.fault(err)
		}
	}
}

// answer reads the form, checks what the route needs and calls its handler.
func (v *visit) answer(rt route) error {
	if !written(v.r.URL) {
		return homeward.ErrNotFound
	}
	if err := v.readForm(); err != nil {
		return err
	}
	switch {
	case rt.needs != needsNobody && !v.signedIn():
		return v.askToSignIn()
	case v.bare && rt.needs != needsNobody && rt.needs != needsSelf:
		return v.redirect("/account")
	case rt.needs == needsAction && !v.can(rt.action):
		return &deniedTo{action: rt.action}
	case rt.needs != needsNobody && !allText(v.r.PostForm): // who signs in is told no more than that it was wrong
		return homeward.ErrInvalid
	}
	return rt.handle(v)
}

// written reports whether an address is text.
func written(u *url.URL) bool { return isText(u.Path) && allText(u.Query()) }

// allText reports whether names and values are text.
func allText(fields url.Values) bool {
	for name, values := range fields {
		if !isText(name) || slices.ContainsFunc(values, func(s string) bool { return !isText(s) }) {
			return false
		}
	}
	return true
}

// isText is false for what holds a NUL or bytes that are no UTF-8: no id does, no browser sends them, and PostgreSQL refuses them.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// readForm reads a form that is sent as fields. A body with files is left unread: the pages that take files read it
// themselves, once it is known who sends it. Reading here also keeps [http.Request.PostFormValue] from doing it, which
// would hold 32 MB in memory and write the rest to the disk, for anyone who asks.
func (v *visit) readForm() error {
	err := v.r.ParseForm()
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return homeward.ErrInvalid // what was sent stays out of the error
	}
	return err
}

func (d *Desk) nothingHere(v *visit) error {
	if !v.signedIn() {
		return v.askToSignIn()
	}
	return homeward.ErrNotFound
}
