open GopherFlow.Behaviour
open GopherFlow.FSharp

let first (_: Step) =
    goto "Second" |> spawn (child "GatedChild" "child")

let second (step: Step) =
    task {
        let runs = (step.Vars.TryGet<int> "runs" |> Option.defaultValue 0) + 1
        step.Vars.Set("runs", runs)
        let! _ = step.Service<Gates>().PassAsync "running"

        return
            if runs = 1 then
                goto "Second" |> after (days 1)
            else
                goto "Done"
    }

let workflow =
    workflow "WakeRunning" {
        start "First" first [ "Second" ]
        state "Second" second [ "Second"; "Done" ]
        finish "Done"
    }
