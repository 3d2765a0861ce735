// Shows a wait for a person with a deadline. The workflow stays in a manual state until a person moves it to "Approve" or "Reject". If
// nobody moves it in time, it escalates by itself, and stays in another manual state until the supervisor moves it.
open System
open GopherFlow.FSharp

type Decision =
    | Approved
    | Rejected of reason: string

/// The divisor for every wait of the demos, from GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let decideWithin = days 3 / speed

let ask (step: Step) =
    goto "Approval"
    |> log $"Asked for a decision on {step.BusinessKey}"
    |> orAfter decideWithin "Escalate"

let escalate (step: Step) =
    goto "Overdue" |> log $"No decision on {step.BusinessKey} in time"

let conclude (decision: Step -> Decision) (target: string) (step: Step) =
    step.Vars.Set("decision", decision step)
    goto target

/// The person who moves the workflow can set the variable "reason" with the same move.
let rejected (step: Step) =
    step.Vars.TryText "reason" |> Option.defaultValue "no reason given" |> Rejected

let workflow =
    workflow "Approval" {
        description "Waits for a person's decision, and escalates if it is not made in time"
        start "Ask" ask
        manual "Approval" [ "Approve"; "Reject"; "Escalate" ]
        state "Escalate" escalate
        manual "Overdue" [ "Approve"; "Reject" ]
        state "Approve" (conclude (fun _ -> Approved) "IsApproved")
        state "Reject" (conclude rejected "IsRejected")
        finish "IsApproved"
        finish "IsRejected"
    }
