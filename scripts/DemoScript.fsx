// Shows variables of several types, and two ways to wait: for a duration, and until an instant.
open System
open GopherFlow.FSharp
open Microsoft.Extensions.Logging

type Enrollment = { Name: string; Age: int }

/// The divisor for every wait of the demos, from GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let init (step: Step) =
    step.Vars["age"] <- "33"
    step.Vars["name"] <- "Julian"
    step.Vars.Set("enrollment", { Name = "Julian"; Age = 33 })
    goto "Review" |> after (seconds 300 / speed)

let review (step: Step) =
    step.Vars["name"] <- "Julian2"
    let enrollment = step.Vars.Get<Enrollment> "enrollment"
    step.Logger.LogInformation("Reviewing {Name}, who is {Age}", enrollment.Name, enrollment.Age)
    goto "Approve" |> at (step.Now + seconds 30 / speed)

let approve (step: Step) =
    for name in step.Vars.Names do
        step.Logger.LogInformation("Approving with {Name} = {Value}", name, step.Vars[name])

    goto "Finish"

let workflow =
    workflow "DemoScript" {
        description "This is a Demo Workflow showing how it can be used"
        retry (linear 10 (seconds 10) (minutes 60))
        start "Init" init
        state "Review" review [ "Approve"; "ApproveError" ]
        state "Approve" approve
        error "ApproveError"
        finish "Finish"
    }
