// A parent that creates two children and waits until both have finished. The children wake it. The ten minutes are only a fallback
// in case they do not. (whenChildrenFinished does the same in a single call.)
open System
open GopherFlow.Authoring
open GopherFlow.FSharp

let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let longestSleep = minutes 10 / speed

let init (_: Step) = goto "ParentSpawnChildren"

let spawnChildren (step: Step) =
    let childOf number (sleepTime: string) =
        child "DemoChildScript" $"child-{number}-of-{step.WorkflowId}"
        |> withVar "sleepTime" sleepTime

    step.Vars["children_count"] <- "2"

    goto "ParentWaitForChildren"
    |> spawn (childOf 1 "3")
    |> spawn (childOf 2 "15")
    |> log "Spawned 2 child workflows"
    |> after longestSleep

let waitForChildren (step: Step) =
    task {
        let! children = step.Children()
        let isComplete (child: Child) = child.Status = WorkflowStatus.Finished
        let complete = children |> List.filter isComplete |> List.length

        let expected =
            step.Vars.TryText "children_count" |> Option.map int |> Option.defaultValue 2

        return
            if complete < expected then
                goto "ParentWaitForChildren"
                |> log $"Waiting for children: {complete}/{expected} complete"
                |> after longestSleep
            else
                goto "ParentFinish" |> log "All child workflows complete"
    }

let workflow =
    workflow "DemoParentScript" {
        description "Demo parent workflow that spawns and coordinates child workflows"
        retry (linear 3 (seconds 1) (seconds 5))
        start "ParentInit" init
        state "ParentSpawnChildren" spawnChildren
        state "ParentWaitForChildren" waitForChildren
        finish "ParentFinish"
    }
