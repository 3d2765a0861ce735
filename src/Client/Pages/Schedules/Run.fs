/// Runs the commands of the pages of schedules.
module GopherFlow.Client.Pages.Schedules.Run

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Schedules.Model

/// The server replaces the whole schedule, so saving over a change by another user would undo that change.
let private save (before: Schedule) (draft: ScheduleCalls.Draft) : JS.Promise<Outcome> =
    promise {
        let! now = ScheduleCalls.schedule before.Name

        if now.Changed = before.Changed then
            let! saved = ScheduleCalls.change before.Name draft
            return Saved saved
        else
            return NotSaved now
    }

let private operate (operation: Operation) (name: string) : JS.Promise<Outcome> =
    match operation with
    | Pause -> ScheduleCalls.pause name |> map (fun _ -> Paused name)
    | Resume -> ScheduleCalls.resume name |> map (fun _ -> Resumed name)
    | Trigger -> ScheduleCalls.trigger name |> map (fun run -> Triggered(name, run.WorkflowId))

let private effect (dialogs: int) (command: Command) : Elm.Effect<Msg> =
    let outcome (work: unit -> JS.Promise<Outcome>) : Elm.Effect<Msg> =
        Elm.Effect.ofPromise work (fun outcome -> Done(dialogs, outcome)) (fun failure ->
            Refused(dialogs, Problem.ofException failure))

    match command with
    | Create(name, draft) -> outcome (fun () -> ScheduleCalls.create name draft |> map Saved)
    | Save(before, draft) -> outcome (fun () -> save before draft)
    | Delete name -> outcome (fun () -> ScheduleCalls.delete name |> map (fun () -> Deleted name))
    | Run(operation, name) -> outcome (fun () -> operate operation name)
    | AskPreview timing ->
        Elm.Effect.ofPromise
            (fun () -> ScheduleCalls.preview timing)
            (fun preview -> Previewed(timing, Ok preview.NextDue))
            (fun failure -> Previewed(timing, Error(Problem.ofException failure)))
    | Refresh -> Elm.Effect.ofAction (fun () -> ScheduleCalls.refresh () |> start)
    | Leave -> Elm.Effect.ofAction (fun () -> Router.go Router.Schedules)

let useSchedulePages () : Model * (Msg -> unit) =
    Elm.useElm (fun () -> Update.init, []) (fun msg model ->
        let next, commands = Update.update msg model
        next, List.map (effect next.Dialogs) commands)
