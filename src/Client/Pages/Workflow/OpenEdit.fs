/// The open edit of a variable. It stays open while another tab or another position of the history is shown.
module GopherFlow.Client.Pages.Workflow.OpenEdit

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflow.VariableEdit

type OpenEdit = {
    Edit: Edit option
    /// Why the server refused an edit that had been closed before its answer came.
    Missed: string option
    Begin: Edit -> unit
    /// Replaces the edit; None closes it.
    Show: Edit option -> unit
    Save: Edit -> unit
}

let useOpenEdit (id: Id) (reread: unit -> unit) : OpenEdit =
    let edit, show = React.useState (None: Edit option)
    let missed, setMissed = React.useState (None: string option)
    let begun = React.useRef 0

    // The answer changes the edit of that moment, not the one that was sent.
    let latest = React.useRef edit
    latest.current <- edit

    let beginWith (edit: Edit) =
        begun.current <- begun.current + 1
        setMissed None
        show (Some { edit with Number = begun.current })

    let answer (sent: Edit) (refusal: string option) =
        if isOpen sent latest.current then
            show (answered sent refusal latest.current)
        else
            refusal
            |> Option.map (fun reason -> $"{sent.Name.Trim()} was not changed. {reason}")
            |> setMissed

    let save (edit: Edit) =
        match changes edit with
        | Result.Error faulty -> show (Some faulty)
        | Ok changes ->
            promise {
                show (Some { edit with Busy = true })

                try
                    do! RunCalls.changeVariables id changes
                    answer edit None
                with failure ->
                    // In case of a conflict the form shows the current value, once it has been read.
                    reread ()
                    failure |> Problem.ofException |> Problem.text |> Some |> answer edit
            }
            |> start

    {
        Edit = edit
        Missed = missed
        Begin = beginWith
        Show = show
        Save = save
    }
