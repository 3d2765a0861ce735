/// Texts for operations on many workflows and for numbers of workflows.
module GopherFlow.Client.Pages.Workflows.Describe

open Fable.Core.JsInterop
open GopherFlow.Client.Pages.Workflows.Bulk

/// The name of an operation, and what it does.
let operation (kind: Kind) : string * string =
    match kind with
    | Retry ->
        "Retry",
        "Makes the next attempt at once: of workflows that failed in a state with a function, or wait for their next attempt."
    | Cancel -> "Cancel", "Ends the workflows. They do not run again by themselves."
    | Pause -> "Pause", "They do not run until they are resumed. A running step ends first."
    | Resume -> "Resume", "Paused workflows continue where they were."
    | RunAgain -> "Run again", "Runs the current state once more, also of workflows that have ended."
    | Place ->
        "Change priority or group", "Changes where the workflows stand in the queue, or whose executors run them."
    | Signal ->
        "Send signal", "Sends each of the workflows a signal. Those that wait for it continue; the others keep it."
    | ChangeState -> "Change state", "Moves each of the workflows to another state."
    | Delete -> "Delete", "Deletes the workflows that have ended, with their history. This cannot be undone."

let count (number: float) : string = number?toLocaleString ("en-US")

let plural (number: float) : string =
    if number = 1.0 then
        "1 workflow"
    else
        $"{count number} workflows"

/// The text of the button: the operation, and how many workflows it changes.
let deed (kind: Kind) (total: float) : string =
    let them = plural total

    match kind with
    | RunAgain -> $"Run {them} again"
    | Place -> $"Change {them}"
    | Signal -> $"Send to {them}"
    | ChangeState -> $"Move {them}"
    | _ -> $"{fst (operation kind)} {them}"
