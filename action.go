package homeward

// Action is a thing an actor may do.
type Action string

const (
	ActionImport         Action = "import"          // bring in an edition of a source
	ActionSeeSources     Action = "see-sources"     // see sources and their editions, without the rows
	ActionReadRecord     Action = "read-record"     // read a record's words, of the classes the role sees
	ActionSearch         Action = "search"          // search records
	ActionSeePerson      Action = "see-person"      // open a person with its records
	ActionSeeLooks       Action = "see-looks"       // see who looked at a child one works on
	ActionSeeRestricted  Action = "see-restricted"  // see records whose processing is restricted
	ActionRetract        Action = "retract"         // say that a source took back a record, or a claim of it
	ActionRestrict       Action = "restrict"        // restrict the processing of a record
	ActionHold           Action = "hold"            // hold a record for a legal claim, so that it is not erased
	ActionLift           Action = "lift"            // lift a mark that another laid upon a record
	ActionAskErasure     Action = "ask-erasure"     // enter a request to erase a child, check who asks, take it back, refuse it
	ActionApproveErasure Action = "approve-erasure" // approve that a child is erased
	ActionLearn          Action = "learn"           // add what one learned of a child, as a record of a source of our own
	ActionReview         Action = "review"          // see pairs
	ActionDecide         Action = "decide"          // decide on a pair, revoke a decision
	ActionConfirm        Action = "confirm"         // give the second opinion on a grave pair, blind to another's first
	ActionSettle         Action = "settle"          // decide on a grave pair on which two others disagree
	ActionBatch          Action = "batch"           // state a rule over many pairs, see what it takes and how it errs, take it back
	ActionApplyBatch     Action = "apply-batch"     // decide by a rule that another stated and people judged a sample of
	ActionAssign         Action = "assign"          // say whose work a child is
	ActionRefer          Action = "refer"           // offer a child's records to a colleague
	ActionAcceptReferral Action = "accept-referral" // accept or decline what is offered to oneself
	ActionEndReferral    Action = "end-referral"    // end what one offered, or was offered, before its time
	ActionBreakGlass     Action = "break-glass"     // open one record in an emergency
	ActionReviewGlass    Action = "review-glass"    // judge whether another rightly broke the glass
	ActionSeeTeam        Action = "see-team"        // see the work of one's team
	ActionSeeRequests    Action = "see-requests"    // see tracing requests, with who asks
	ActionTrace          Action = "trace"           // record tracing requests and consent, and work on them
	ActionVerifyFamily   Action = "verify-family"   // say that a family another proposed is the child's, and willing
	ActionDetermine      Action = "determine"       // record what was determined to be in a sought child's best interests
	ActionWaive          Action = "waive"           // say that no determination is needed
	ActionReunify        Action = "reunify"         // say that children are with their family
	ActionReadExhibit    Action = "read-exhibit"    // see an exhibit, its custody and its bytes, of the classes the role sees
	ActionAddExhibit     Action = "add-exhibit"     // bring in an exhibit, or what was made of one
	ActionKeepExhibit    Action = "keep-exhibit"    // hand an exhibit over, export it, seal it, put it under legal hold
	ActionCapture        Action = "capture"         // have the register's browser open a page of the web, and keep it
	ActionLiftHold       Action = "lift-hold"       // end a legal hold that another put
	ActionCite           Action = "cite"            // say what a place in an exhibit says of a claim
	ActionAssess         Action = "assess"          // enter what a named human concludes in law of an act
	ActionCount          Action = "count"           // compute counts, see figures
	ActionAddFigure      Action = "add-figure"      // import figures of others
	ActionExport         Action = "export"          // take entries out of the register as a proof bundle
	ActionVerify         Action = "verify"          // see checkpoints and verify the ledger
	ActionReadAudit      Action = "read-audit"      // see who looked at what
	ActionManageUsers    Action = "manage-users"    // invite and disable users, change the role of others
	ActionConfirmRole    Action = "confirm-role"    // confirm or refuse a role that another asked for
	ActionMoveSource     Action = "move-source"     // move a source from one of one's compartments to another
	ActionRelateSources  Action = "relate-sources"  // say that a source repeats another, and take it back
	ActionCheckIdentity  Action = "check-identity"  // confirm the identity of somebody who lost access
	ActionManageRooms    Action = "manage-rooms"    // make compartments, say who is a member
)

// Actions lists every action, in the order of the table.
var Actions = []Action{
	ActionImport, ActionSeeSources, ActionReadRecord, ActionSearch, ActionSeePerson, ActionSeeLooks, ActionSeeRestricted, ActionRetract, ActionRestrict, ActionHold, ActionLift, ActionAskErasure, ActionApproveErasure, ActionLearn, ActionReview, ActionDecide, ActionConfirm, ActionSettle, ActionBatch, ActionApplyBatch, ActionAssign,
	ActionRefer, ActionAcceptReferral, ActionEndReferral, ActionBreakGlass, ActionReviewGlass, ActionSeeTeam, ActionSeeRequests, ActionTrace,
	ActionVerifyFamily, ActionDetermine, ActionWaive, ActionReunify, ActionReadExhibit, ActionAddExhibit, ActionKeepExhibit, ActionCapture, ActionLiftHold, ActionCite, ActionAssess, ActionCount, ActionAddFigure, ActionExport, ActionVerify, ActionReadAudit, ActionManageUsers, ActionConfirmRole, ActionMoveSource, ActionRelateSources, ActionCheckIdentity, ActionManageRooms,
}
