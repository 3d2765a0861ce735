open System
open GopherFlow.FSharp

let work (step: Step) =
    step.Vars.Set("next", enum<DayOfWeek>(int (step.Vars.Get<DayOfWeek> "number") + 1))
    step.Vars.Set("days", [ step.Vars.Get<DayOfWeek> "name"; DayOfWeek.Sunday ])
    goto "Done"

let workflow =
    workflow "EnumVariables" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
