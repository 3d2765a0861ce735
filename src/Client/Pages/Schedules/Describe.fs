/// A schedule as text: when it is due, and what its policies do.
module GopherFlow.Client.Pages.Schedules.Describe

open System.Text.RegularExpressions
open GopherFlow.Contract

let private two (number: string) =
    if number.Length = 1 then $"0{number}" else number

let private isNumber (text: string) = Regex.IsMatch(text, "^[0-9]{1,2}$")

let private units = [ 86400, "day"; 3600, "hour"; 60, "minute"; 1, "second" ]

/// "every 15 minutes", "every day".
let every (seconds: Count) : string =
    let seconds = int seconds
    let size, unit = units |> List.find (fun (size, _) -> seconds % size = 0)

    match seconds / size with
    | 1 -> $"every {unit}"
    | count -> $"every {count} {unit}s"

let private days =
    Map [
        "0", "Sunday"
        "1", "Monday"
        "2", "Tuesday"
        "3", "Wednesday"
        "4", "Thursday"
        "5", "Friday"
        "6", "Saturday"
        "7", "Sunday"
        "SUN", "Sunday"
        "MON", "Monday"
        "TUE", "Tuesday"
        "WED", "Wednesday"
        "THU", "Thursday"
        "FRI", "Friday"
        "SAT", "Saturday"
    ]

let private dayOf (text: string) = days.TryFind(text.ToUpperInvariant())

let private daysOf (text: string) : string option =
    match text.Split '-' |> List.ofArray |> List.map dayOf with
    | [ Some day ] -> Some $"every {day}"
    | [ Some first; Some last ] -> Some $"{first} to {last}"
    | _ -> None

let private step (text: string) : string option =
    let found = Regex.Match(text, "^\\*/([0-9]{1,2})$")
    if found.Success then Some found.Groups[1].Value else None

let private time (hour: string) (minute: string) = $"at {two hour}:{two minute}"

let private ofFields (minute: string) (hour: string) (day: string) (month: string) (weekday: string) : string option =
    match minute, hour, day, month, weekday with
    | "*", "*", "*", "*", "*" -> Some "every minute"
    | minute, "*", "*", "*", "*" when (step minute).IsSome -> Some $"every {(step minute).Value} minutes"
    | "0", "*", "*", "*", "*" -> Some "every hour"
    | minute, "*", "*", "*", "*" when isNumber minute -> Some $"every hour at :{two minute}"
    | "0", hour, "*", "*", "*" when (step hour).IsSome -> Some $"every {(step hour).Value} hours"
    | minute, hour, "*", "*", "*" when isNumber minute && isNumber hour -> Some $"every day {time hour minute}"
    | minute, hour, "*", "*", weekday when isNumber minute && isNumber hour ->
        daysOf weekday |> Option.map (fun days -> $"{days} {time hour minute}")
    | minute, hour, day, "*", "*" when isNumber minute && isNumber hour && isNumber day ->
        Some $"on day {day} of each month {time hour minute}"
    | minute, hour, "L", "*", "*" when isNumber minute && isNumber hour ->
        Some $"on the last day of each month {time hour minute}"
    | _ -> None

/// A cron expression as text; None when it is not one of the common ones.
let cron (expression: string) : string option =
    match Regex.Split(expression.Trim(), "\\s+") |> List.ofArray with
    | [ minute; hour; day; month; weekday ] -> ofFields minute hour day month weekday
    | [ "0"; minute; hour; day; month; weekday ] -> ofFields minute hour day month weekday
    | [ "*"; "*"; "*"; "*"; "*"; "*" ] -> Some "every second"
    | [ second; "*"; "*"; "*"; "*"; "*" ] when (step second).IsSome -> Some $"every {(step second).Value} seconds"
    | _ -> None

/// When it is due, as text or as the expression; and the expression with its time zone if the text does not say everything.
let due (schedule: Schedule) : string * string option =
    let zone =
        if schedule.TimeZone = "UTC" then
            ""
        else
            $" {schedule.TimeZone}"

    match schedule.Cron, schedule.EverySeconds with
    | Some expression, _ ->
        match cron expression with
        | Some words -> words, Some $"{expression}{zone}"
        | None -> $"{expression}{zone}", None
    | None, Some seconds -> every seconds, None
    | None, None -> "never", None

let overlaps = [ "skip", "Skip"; "queue", "Queue"; "allow", "Allow" ]

let catchUps = [
    "none", "Make up for none"
    "last", "Make up for the last"
    "all", "Make up for all"
]

/// The text of a choice; the server's value if the console does not know it.
let choice (choices: (string * string) list) (value: string) : string =
    choices
    |> List.tryFind (fst >> (=) value)
    |> Option.map snd
    |> Option.defaultValue value

let overlap (name: string) : string =
    match name with
    | "skip" -> "The run is skipped."
    | "queue" -> "The run waits until the one before it has ended."
    | "allow" -> "The run starts beside the others."
    | _ -> ""

let catchUp (name: string) : string =
    match name with
    | "none" -> "Runs that were missed while no executor was running are skipped."
    | "last" -> "One run makes up for all that were missed."
    | "all" -> "Every run that was missed is made up for, as many as the limit allows."
    | _ -> ""

let reason (name: string) : string =
    match name with
    | "overlap" -> "another run had not ended"
    | "catchUp" -> "it was missed"
    | other -> other

/// How many runs were skipped, and why.
let skipped (schedule: Schedule) : string =
    [
        schedule.SkippedByOverlap, "since another had not ended"
        schedule.SkippedByCatchUp, "missed"
    ]
    |> List.filter (fun (count, _) -> count > 0.0)
    |> List.map (fun (count, why) -> $"{count} {why}")
    |> function
        | [] -> "none"
        | some -> String.concat ", " some

/// Whether a user started the run.
let isManual (run: ScheduleRun) = run.ExternalId.EndsWith ":manual"
