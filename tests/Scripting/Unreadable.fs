/// Functions whose targets cannot be read from compiled code. They are compiled in the same two ways as Routes.
module GopherFlow.Scripting.Tests.Unreadable

open System
open GopherFlow.Authoring
open GopherFlow.FSharp

type Plan = {
    Next: string
    Go: Step -> NextState
    Ready: NextState
}

type IRoute =
    abstract Next: Step -> NextState

let plain (_: Step) = goto "A"

let plan = {
    Next = "A"
    Go = plain
    Ready = goto "A"
}

let table = Map [ "x", "A" ]

let ready = goto "A"

let mutable current = "A"

let route = {
    new IRoute with
        member _.Next _ = goto "A"
}

let computed (step: Step) = goto ("A" + step.State)

let variable (step: Step) = goto step.Vars["next"]

let interpolated (step: Step) = goto $"{step.State}2"

let partly (step: Step) =
    if step.Attempt = 1 then goto "A" else goto step.State

let late (step: Step) = goto "A" |> orAfter (days 1) step.State

let looked (step: Step) = goto table[step.State]

let ofRecord (_: Step) = goto plan.Next

let throughRecord (step: Step) = plan.Go step

let inRecord (_: Step) = plan.Ready

let stored (_: Step) = ready

let changing (_: Step) = goto current

let mapped (step: Step) =
    step.Vars.Names |> List.map goto |> List.head

let throughInterface (step: Step) = route.Next step

let throughDelegate (go: Func<Step, NextState>) (step: Step) = go.Invoke step

let anyOf (nexts: NextState list) (_: Step) = nexts.Head

let tasked (step: Step) =
    task {
        let! children = step.Children()
        return goto (children |> List.map _.BusinessKey |> List.head)
    }

let workflow =
    workflow "Unreadable" {
        start "computed" computed
        state "variable" variable
        state "interpolated" interpolated
        state "partly" partly
        state "late" late
        state "looked" looked
        state "ofRecord" ofRecord
        state "throughRecord" throughRecord
        state "inRecord" inRecord
        state "stored" stored
        state "changing" changing
        state "mapped" mapped
        state "throughInterface" throughInterface
        state "throughDelegate" (throughDelegate (Func<Step, NextState> plain))
        state "anyOf" (anyOf [ goto "A" ])
        state "tasked" tasked
        finish "A"
    }
