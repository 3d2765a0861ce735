// Shows a wait for a person. A state that runs parks itself again and again, and sends a reminder each time; a person moves the
// workflow by hand, to "Approve" or "Reject". Nobody moved it in time: it goes to a manual state, where it rests for good until
// the supervisor moves it.
open System
open GopherFlow.FSharp

type Reminders = { Sent: int; Deadline: DateTimeOffset }

type Decision =
    | Approved
    | Rejected of reason: string

/// Every wait of the demos is divided by GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let reminderEvery = days 1 / speed
let expiresAfter = days 3 / speed

let ask (step: Step) =
    step.Vars.Set(
        "reminders",
        {
            Sent = 0
            Deadline = step.Now + expiresAfter
        }
    )

    goto "Decide"
    |> log $"Asked for a decision on {step.BusinessKey}"
    |> after reminderEvery

/// Runs only when nobody has moved the workflow on since the last reminder.
let remind (step: Step) =
    let reminders = step.Vars.Get<Reminders> "reminders"

    if step.Now >= reminders.Deadline then
        goto "Overdue" |> log $"No decision after {reminders.Sent} reminders"
    else
        let sent = reminders.Sent + 1
        step.Vars.Set("reminders", { reminders with Sent = sent })
        goto "Decide" |> log $"Reminder {sent}" |> after reminderEvery

let conclude (decision: Step -> Decision) (target: string) (step: Step) =
    step.Vars.Set("decision", decision step)
    goto target

/// Whoever moves the workflow may set the variable "reason" with the same change.
let rejected (step: Step) =
    step.Vars.TryText "reason" |> Option.defaultValue "no reason given" |> Rejected

let workflow =
    workflow "Approval" {
        description "Waits for a person's decision, reminds until it comes, and escalates when it does not"
        start "Ask" ask [ "Decide" ]
        state "Decide" remind [ "Decide"; "Approve"; "Reject"; "Overdue" ]
        manual "Overdue" [ "Approve"; "Reject" ]
        state "Approve" (conclude (fun _ -> Approved) "IsApproved") [ "IsApproved" ]
        state "Reject" (conclude rejected "IsRejected") [ "IsRejected" ]
        finish "IsApproved"
        finish "IsRejected"
    }
