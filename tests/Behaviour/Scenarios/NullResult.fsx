open GopherFlow.Authoring
open GopherFlow.FSharp

let nothing = Unchecked.defaultof<NextState>

let work (step: Step) =
    if step.Vars.Contains "later" then goto "Later" else nothing

let later (_: Step) = task { return nothing }

let workflow =
    workflow "NullResult" {
        retry noRetry
        start "Work" work [ "Later" ]
        state "Later" later [ "Done" ]
        finish "Done"
    }
