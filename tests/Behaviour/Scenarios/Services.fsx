open GopherFlow.Behaviour
open GopherFlow.FSharp

let first (step: Step) =
    step.Service<Visitor>().Greet "nobody" |> ignore

    match step.TryService<Visitor>(), step.TryService<System.Uri>() with
    | Some visitor, None -> step.Vars["first"] <- visitor.Greet step.BusinessKey
    | _ -> ()

    goto "Second"

let second (step: Step) =
    step.Vars["second"] <- step.Service<Visitor>().Greet step.BusinessKey
    goto "Done"

let workflow =
    workflow "Services" {
        start "First" first [ "Second" ]
        state "Second" second [ "Done" ]
        finish "Done"
    }
