// Shows a workflow that loops forever: it parks until a time of day, works, and parks until the next day. The time is the variable
// "at", in UTC, so that a daylight saving change does not make it run twice or not at all. It stops when somebody sets the variable
// "stop" to "yes", which it checks before and after each night's work.
open System
open System.Globalization
open GopherFlow.FSharp

type Report = { Night: DateOnly; Handled: int }

/// The divisor for every wait of the demos, from GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let timeOfDay (step: Step) =
    let text = step.Vars.TryText "at" |> Option.defaultValue "02:00"

    match TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None) with
    | true, time -> time
    | _ -> giveUp $"The variable at is '{text}'; expected a time of day such as 02:00."

/// The first instant after now that has this time of day.
let nextAt (time: TimeOnly) (now: DateTimeOffset) =
    let today =
        DateTimeOffset(DateOnly.FromDateTime now.UtcDateTime, time, TimeSpan.Zero)

    if today > now then today else today.AddDays 1.0

let isStopped (step: Step) = step.Vars.TryText "stop" = Some "yes"

let plan (step: Step) =
    if isStopped step then
        goto "Stopped"
    else
        let night = step.Now |> nextAt (timeOfDay step)
        goto "Work" |> at (step.Now + (night - step.Now) / speed)

let work (step: Step) =
    if isStopped step then
        goto "Stopped"
    else
        let handled = 100 + step.Now.Day

        step.Vars.Set(
            "report",
            {
                Night = DateOnly.FromDateTime step.Now.UtcDateTime
                Handled = handled
            }
        )

        goto "Plan" |> log $"Handled {handled} accounts"

let workflow =
    workflow "NightlyBatch" {
        description "Works every night at the same time, until it is stopped"
        start "Plan" plan
        state "Work" work
        finish "Stopped"
    }
