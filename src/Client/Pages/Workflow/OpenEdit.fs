/// The edit of a variable that is open on the page. It stays open while another tab or another time is shown.
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
    /// Puts another edit in the place of this one; None closes it.
    Show: Edit option -> unit
    Save: Edit -> unit
}

let useOpenEdit (id: Id) (reread: unit -> unit) : OpenEdit =
    let edit, show = React.useState (None: Edit option)
    let missed, setMissed = React.useState (None: string option)
    let begun = React.useRef 0

    // An answer belongs to what is open when it comes, not to what was open when it was asked for.
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
                    // A conflict shows the value that is there now, once it has been read.
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
