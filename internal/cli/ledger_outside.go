package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/witness"
	"github.com/homeward-registry/homeward/ledger"
)

// readFile reads a file named on the command line, up to a size.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := openFile(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("read the file: it is larger than %s bytes: %w", amount(limit), homeward.ErrInvalid)
	}
	return text, closing(f, err)
}

// maxPolicy is far more than 32 logs, witnesses and groups.
const maxPolicy = 64 << 10

// readPolicy reads a policy file.
func readPolicy(name string) (ledger.Policy, []byte, error) {
	text, err := readFile(name, maxPolicy)
	if err != nil {
		return ledger.Policy{}, nil, err
	}
	p, err := ledger.ParsePolicy(text)
	return p, text, advise(err, "see c2sp.org/tlog-policy and docs/ledger.md for the form of a policy")
}

type ledgerPolicyCmd struct {
	File string `arg:"" optional:"" help:"Policy in the form of c2sp.org/tlog-policy. Left out: print the one that stands." type:"existingfile"`
}

func (ledgerPolicyCmd) Help() string {
	return `Says which witnesses this register asks, at which addresses, and how many make a quorum. Nobody is asked whom this file does not name. Give the same file to whoever verifies.

  log homeward.local/019abc+4f2c9a10+AR…
  witness red  red.example/witness+…  https://red.example/witness
  witness blue blue.example/witness+… https://blue.example/witness
  witness tree tree.example/witness+… https://tree.example/witness
  group two 2 red blue tree
  quorum two

Example:

  homeward ledger policy policy.txt`
}

func (c ledgerPolicyCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		if c.File == "" {
			return sh.showPolicy(db)
		}
		p, text, err := readPolicy(c.File)
		if err != nil {
			return err
		}
		if !namesLog(p, db.Verifier()) {
			return advise(fmt.Errorf("policy: it does not name this register's log: %w", homeward.ErrInvalid), "add the line: log "+db.Verifier())
		}
		err = db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error { return tx.PutTrust(store.TrustPolicy, text) })
		if err != nil {
			return err
		}
		return sh.showPolicy(db)
	})
}

func namesLog(p ledger.Policy, verifier string) bool {
	for _, l := range p.Logs {
		if l == verifier {
			return true
		}
	}
	return false
}

func (sh *shell) showPolicy(db *store.DB) error {
	return sh.showTrust(db, store.TrustPolicy, "no policy stands: homeward ledger policy FILE sets one, homeward ledger policy --help shows its form")
}

// showTrust prints what the operator said of a kind.
func (sh *shell) showTrust(db *store.DB, kind store.TrustKind, next string) error {
	var t store.Trust
	err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		t, err = tx.Trust(kind)
		return err
	})
	if err != nil {
		return advise(err, next)
	}
	result := struct {
		Since string `json:"since"`
		Text  string `json:"text"`
	}{moment(t.At), string(t.Text)}
	return sh.print(result, func(w io.Writer) { w.Write(t.Text) })
}

type ledgerCosignCmd struct {
	Size   int64  `help:"The checkpoint of this size, not the newest that was published." placeholder:"LEAVES"`
	Answer string `help:"File with a witness's answer that was carried here by hand; nobody is asked." type:"existingfile" placeholder:"FILE"`
}

func (ledgerCosignCmd) Help() string {
	return `Asks the witnesses that the policy names to cosign the checkpoint that was published last, and keeps what they answer. Witnesses see the log's name, its size and its root. A witness that cannot be reached is asked again next time; exit code 8 says that the quorum is not there yet. A witness that saw another history raises an alarm: exit code 7.

Example:

  homeward ledger cosign`
}

// asked is what came of asking a witness or an authority.
type asked struct {
	Name    string `json:"name"`
	State   string `json:"state"`
	Problem string `json:"problem,omitempty"`
}

// witnessed is what came of asking all.
type witnessed struct {
	Size        int64   `json:"size"`
	Quorum      bool    `json:"quorum"`
	Witnesses   []asked `json:"witnesses"`
	Authorities []asked `json:"authorities,omitempty"`
}

func (c ledgerCosignCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		size, err := sh.published(db, c.Size)
		if err != nil {
			return err
		}
		if c.Answer != "" {
			if err := sh.carried(db, size, c.Answer); err != nil {
				return err
			}
		}
		result, asking := sh.cosign(db, size, c.Answer == "")
		return errors.Join(sh.print(result, result.words), asking)
	})
}

// published returns the size asked for, or that of the newest publication.
func (sh *shell) published(db *store.DB, size int64) (int64, error) {
	if size > 0 {
		return size, nil
	}
	err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		list, err := tx.Publications(1)
		if err == nil && len(list) == 0 {
			err = advise(fmt.Errorf("no checkpoint was published yet: %w", homeward.ErrNotFound), "homeward ledger publish makes one")
		}
		if err == nil {
			size = list[0].Size
		}
		return err
	})
	return size, err
}

// carried keeps the answer of whichever witness of the policy signed it.
func (sh *shell) carried(db *store.DB, size int64, file string) error {
	answer, err := readFile(file, maxPolicy)
	if err != nil {
		return err
	}
	return db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		p, err := tx.Policy()
		if err != nil {
			return err
		}
		for _, w := range p.Witnesses {
			err := tx.PutCosignature(store.Cosignature{Size: size, Witness: w.Verifier, Line: answer})
			if !errors.Is(err, homeward.ErrTampered) {
				return err
			}
		}
		return advise(fmt.Errorf("cosign: no witness of the policy signed this checkpoint: %w", homeward.ErrInvalid), "see that the answer is of the checkpoint named with --size, and that the policy names the witness")
	})
}

// cosign asks the witnesses, when they are to be asked, and says how things stand.
func (sh *shell) cosign(db *store.DB, size int64, ask bool) (witnessed, error) {
	var answers []witness.Answer
	var refused error
	if ask {
		answers, refused = witness.Collect(sh.ctx, db, homeward.Operator, size)
	}
	quorum := sh.quorum(db, size)
	result := witnessed{Size: size, Quorum: quorum == nil, Witnesses: askedAll(answers)}
	if refused != nil {
		return result, advise(refused, "an alarm stands: homeward ledger status; was an old backup restored, or does a copy of this register run elsewhere?")
	}
	return result, advise(quorum, "run homeward ledger cosign again when the witnesses can be reached")
}

func askedAll(answers []witness.Answer) []asked {
	out := []asked{}
	for _, a := range answers {
		one := asked{Name: a.Witness, State: string(a.State)}
		if a.Err != nil {
			one.Problem = a.Err.Error()
		}
		out = append(out, one)
	}
	return out
}

// quorum fails unless the checkpoint of a size has the policy's quorum.
func (sh *shell) quorum(db *store.DB, size int64) error {
	return db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		p, err := tx.Policy()
		if err != nil {
			return err
		}
		text, err := tx.CosignedCheckpoint(size)
		if err == nil {
			_, _, err = p.Open(text)
		}
		return err
	})
}

func (r witnessed) words(w io.Writer) {
	for _, a := range append(r.Witnesses, r.Authorities...) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, a.State, a.Problem)
	}
	word := "not there yet"
	if r.Quorum {
		word = "reached"
	}
	fmt.Fprintf(w, "size %s\tquorum %s\t\n", amount(r.Size), word)
}

type ledgerPublishCmd struct {
	Out string `help:"Bring this folder of static files up to the checkpoint as well." type:"path" placeholder:"DIR"`
}

func (ledgerPublishCmd) Help() string {
	return `Fills the log up to a multiple of 256 with leaves that say nothing, signs it, and asks the witnesses of the policy and the authorities of time-stamps. Run it at fixed times: then neither size nor time tells how much was done. While an alarm stands nothing is published.

Example, every night from a timer:

  homeward ledger publish --out /srv/www/log`
}

func (c ledgerPublishCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		text, err := db.Publish(sh.ctx, time.Time{})
		if err != nil {
			return advise(err, "homeward ledger status shows the alarm; homeward ledger close ID --reason closes it once it is understood")
		}
		read, err := ledger.ReadCheckpoint(text)
		if err != nil {
			return err
		}
		result, cosigning := sh.cosign(db, read.Size, true)
		stamps, stamping := sh.stamp(db, read.Size)
		result.Authorities = stamps.Authorities
		err = errors.Join(sh.print(result, result.words), cosigning, stamping)
		if c.Out != "" && !errors.Is(err, homeward.ErrTampered) {
			_, exportErr := sh.export(db, c.Out, read.Size, false)
			err = errors.Join(exportErr, err)
		}
		return err
	})
}

type ledgerCloseCmd struct {
	Alarm  string `arg:"" help:"Id of the alarm, as homeward ledger status prints it."`
	Reason string `required:"" help:"Why it needs to stand no longer; it is kept in the log." placeholder:"WORDS"`
}

func (ledgerCloseCmd) Help() string {
	return `Closes an alarm with a reason. The alarm and the reason stay in the log.

Example:

  homeward ledger close 019abc12-7f00-7000-8000-000000000001 --reason "the clock was wrong by a year and is right now"`
}

func (c ledgerCloseCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		return db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error { return tx.CloseAlarm(c.Alarm, strings.TrimSpace(c.Reason)) })
	})
}

type ledgerStatusCmd struct{}

func (ledgerStatusCmd) Help() string {
	return `Shows how the log stands: its size, what was signed and published, which witnesses cosigned, and what is wrong. Exit code 7 while an alarm stands.

Example:

  homeward ledger status`
}

// standing is how the log stands.
type standing struct {
	Size      int64      `json:"size"`
	Signed    int64      `json:"signed"`
	Published int64      `json:"published"`
	At        string     `json:"published_at,omitempty"`
	Cosigned  []string   `json:"cosigned_by"`
	Quorum    bool       `json:"quorum"`
	Stamped   []string   `json:"stamped_by"`
	Alarms    []oneAlarm `json:"alarms"`
}

// oneAlarm is an alarm that stands.
type oneAlarm struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	At   string `json:"at"`
}

func (ledgerStatusCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		s := standing{Cosigned: []string{}, Stamped: []string{}, Alarms: []oneAlarm{}}
		if err := db.View(sh.ctx, homeward.Operator, s.read); err != nil {
			return err
		}
		if err := sh.print(s, s.words); err != nil || len(s.Alarms) == 0 {
			return err
		}
		return advise(fmt.Errorf("status: %s: %w", many(len(s.Alarms), "alarm"), homeward.ErrTampered), "find out why; then homeward ledger close ID --reason WORDS")
	})
}

func (s *standing) read(tx *store.Tx) (err error) {
	if s.Size, err = tx.TreeSize(); err != nil {
		return err
	}
	if text, err := tx.LatestCheckpoint(); err != nil {
		return err
	} else if c, err := ledger.ReadCheckpoint(text); err == nil {
		s.Signed = c.Size
	}
	alarms, err := tx.OpenAlarms()
	for _, a := range alarms {
		s.Alarms = append(s.Alarms, oneAlarm{a.ID, string(a.Kind), moment(a.At)})
	}
	list, listErr := tx.Publications(1)
	if err := errors.Join(err, listErr); err != nil || len(list) == 0 {
		return err
	}
	s.Published, s.At = list[0].Size, moment(list[0].At)
	return s.readCosigned(tx)
}

func (s *standing) readCosigned(tx *store.Tx) error {
	p, err := tx.Policy()
	if err != nil {
		return err
	}
	text, err := tx.CosignedCheckpoint(s.Published)
	if err != nil {
		return err
	}
	_, cosigned, err := p.Open(text)
	s.Quorum = err == nil
	for _, c := range cosigned {
		s.Cosigned = append(s.Cosigned, c.Witness)
	}
	stamps, err := tx.Stamps(s.Published)
	for _, t := range stamps {
		s.Stamped = append(s.Stamped, t.Authority)
	}
	return err
}

// alarmWords say what each kind of alarm means.
var alarmWords = map[store.AlarmKind]string{
	store.AlarmRollback: "the log is shorter than what was signed: an old copy was put back",
	store.AlarmFork:     "another history of this log was signed: a copy of the register runs elsewhere, or the log was rewritten",
	store.AlarmEdited:   "the stored log is not the one that was signed",
	store.AlarmClock:    "the clock was set back",
}

func (s standing) words(w io.Writer) {
	for _, a := range s.Alarms {
		fmt.Fprintf(w, "ALARM\t%s\t%s since %s\n", a.ID, alarmWords[store.AlarmKind(a.Kind)], a.At)
	}
	fmt.Fprintf(w, "log\t%s, %s signed\t\n", many(s.Size, "leaf"), amount(s.Signed))
	if s.Published == 0 {
		fmt.Fprintln(w, "published\tnothing yet: homeward ledger publish\t")
		return
	}
	fmt.Fprintf(w, "published\t%s at %s\t\n", many(s.Published, "leaf"), s.At)
	quorum := "the quorum is not there yet"
	if s.Quorum {
		quorum = "the policy is satisfied"
	}
	fmt.Fprintf(w, "cosigned by\t%s\t%s\n", orNobody(s.Cosigned), quorum)
	fmt.Fprintf(w, "stamped by\t%s\t\n", orNobody(s.Stamped))
}

func orNobody(names []string) string {
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}
