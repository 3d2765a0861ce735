open GopherFlow.FSharp

let odd (_: Step) =
    goto "Empty" |> log "a\000b '\"\\ 🦫\nnext line"

let empty (_: Step) = goto "Twice" |> log ""

let twice (_: Step) =
    goto "Done" |> log "the first" |> log "the last"

let workflow =
    workflow "LogLines" {
        start "Odd" odd [ "Empty" ]
        state "Empty" empty [ "Twice" ]
        state "Twice" twice [ "Done" ]
        finish "Done"
    }
