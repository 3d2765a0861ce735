open GopherFlow.Authoring
open GopherFlow.FSharp

let pay (_: Step) = goto "Ship"

let ship (_: Step) : NextState = giveUp "no truck"

let stop (_: Step) = compensate "Returned"

let refund (step: Step) =
    if step.Vars.Contains "bank" then
        undone
    else
        giveUp "no bank"

let workflow =
    workflow "UndoFailsForGood" {
        retry noRetry
        onFailure "GiveUp"
        start "Pay" pay [ "Ship" ] [ compensatedBy "Refund" ]
        state "Ship" ship [ "Done" ]
        state "GiveUp" stop [ "Returned" ]
        state "Refund" refund []
        finish "Done"
        error "Returned"
    }
