// Package desk is the door for caseworkers: pages made on the server, in Ukrainian, English and Russian, that work
// without script and by keyboard.
//
// What flows in: requests of signed-in people. What flows out: pages. Each page is one file here, one struct and one
// template; what a page can be asked is the one table in routes.go, which names the action of the vocabulary
// ([homeward.Action]) that every route needs. A route without an action is closed to everyone.
//
// The story of a request: the headers are set (headers.go); a request of another site that would change something is
// refused ([http.CrossOriginProtection]); the session is read (session.go); the route's action is held against the
// actor's role (routes.go); the handler reads and writes through the store and the stages, and renders a page or
// returns an error; one place turns errors into pages (fault.go). The table opens doors; what lies behind them is for the
// store's fence, so that a page cannot show what its reader does not reach, nor tell it from what never was.
//
// Invariants.
//   - No word about a person stands in a URL, a log line, an error or a metric. Searches are posted; what was searched
//     lives in memory for half an hour, under a random token.
//   - Nothing is changed by GET.
//   - No inline style, no inline script, nothing from another host; the content security policy says so too.
//   - A file that is being previewed lives in memory only, until it is confirmed or half an hour has passed.
//   - A session ends after 30 idle minutes or 8 hours, and at once when what it stands on changes. What was being sent then is offered again after sign-in.
//   - No page holds a word of its own: all text is in package i18n, and a test executes every template in every language.
//
// People sign in with a passkey (passkey.go), bound to [Options.Public] and never to what a request calls its host. Who has
// an application that gives codes shows one after the password (signin_code.go); what one signs in with is changed
// in the pages of account*.go, after another code. A provider elsewhere (linked.go) stands for the password, for who linked it. With [Options.SecondFactor] nobody gets further with a password alone.
//
// Passwords are kept as Argon2id (RFC 9106) with the parameters beside the hash. Sessions are those of alexedwards/scs
// on the store's table, by the hash of their token.
package desk
