open GopherFlow.FSharp

let first (_: Step) = goto "Second" |> whenChildrenFinished
let second (_: Step) = goto "Done" |> wakeParent

let workflow =
    workflow "JoinOfNone" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
