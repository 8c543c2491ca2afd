package cli

import (
	"context"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// seekSome records two tracing requests, each for a child that the lists name, told as a family would tell it; work on
// the first has begun.
func seekSome(ctx context.Context, db *store.DB, team map[homeward.Role]homeward.Actor) error {
	officer, desk := team[homeward.RoleTracingOfficer], casework.Casework{DB: db, Read: intake.Claims}
	children, err := named(ctx, db, 2)
	if err != nil {
		return err
	}
	drafts := []casework.Draft{
		{
			Inquirer:      homeward.Inquirer{Name: "Вигадана Оксана Петрівна", Relationship: homeward.RelationGrandparent, Contact: "+380 00 000 00 01"},
			Circumstances: "Дитина була в лікарні, коли місто зайняли. Відтоді ніхто не відповідає.",
		},
		{
			Inquirer:      homeward.Inquirer{Name: "Invented Relative", Relationship: homeward.RelationRelative, Contact: "+380 00 000 00 02"},
			Circumstances: "Parted at a filtration point; the aunt was let through, the child was not.",
		},
	}
	for i, child := range children {
		d := drafts[i]
		d.Children = []casework.Child{child}
		d.Consents = []casework.Answer{{Purpose: homeward.PurposeTracing, Given: true, Scope: "усно, телефоном"}, {Purpose: homeward.PurposeSharing, Given: i == 0}, {Purpose: homeward.PurposePublishing}}
		r, err := desk.Open(ctx, officer, d)
		if err == nil && i == 0 {
			err = desk.Move(ctx, officer, r.ID, homeward.RequestInProgress, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// named returns what a family knows of the first children of the lists that have a name and a day of birth.
func named(ctx context.Context, db *store.DB, n int) (out []casework.Child, err error) {
	return out, db.View(ctx, homeward.System, func(tx *store.Tx) error {
		out = nil
		persons, err := tx.Persons("", 200)
		if err != nil {
			return err
		}
		for _, p := range persons {
			records, err := tx.RecordsByID(p.Records[:1])
			if err != nil {
				return err
			}
			birth, told := records[0].First(homeward.PathBirthDate)
			name := registry.DisplayName(records)
			if !told || birth.When.Precision != homeward.PrecisionDay || name == "" || len(out) == n {
				continue
			}
			child := casework.Child{Name: name, Birth: birth.When.String()}
			if home, ok := records[0].First(homeward.PathHome); ok {
				child.Home = home.Value
			}
			out = append(out, child)
		}
		return nil
	})
}
