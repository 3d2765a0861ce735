// A child that works for the time that its parent sets, then wakes the parent with the commit that finishes it.
open System
open GopherFlow.FSharp

let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let secondsToSleep (step: Step) =
    match step.Vars.TryText "sleepTime" with
    | None -> 3
    | Some text ->
        match Int32.TryParse text with
        | true, seconds when seconds > 0 -> seconds
        | _ -> giveUp $"sleepTime is '{text}'; expected a whole number of seconds above 0."

let init (_: Step) =
    goto "ChildProcessing" |> log "Child workflow initialized"

let processing (step: Step) =
    let sleep = secondsToSleep step
    step.Vars["result"] <- $"Processed after {sleep} seconds"

    goto "ChildWakeParent"
    |> log $"Child workflow processed for {sleep} seconds"
    |> at (step.Now + seconds sleep / speed)

let wakeTheParent (_: Step) =
    goto "ChildFinish" |> log "Parent workflow awakened" |> wakeParent

let workflow =
    workflow "DemoChildScript" {
        description "Demo child workflow that performs a task and wakes its parent"
        retry (linear 3 (seconds 1) (seconds 5))
        start "ChildInit" init
        state "ChildProcessing" processing
        state "ChildWakeParent" wakeTheParent
        finish "ChildFinish"
    }
