/// Parts shared by the list and the page of a schedule.
module GopherFlow.Client.Pages.Schedules.Parts

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages.Schedules.Model

/// When it is due, as text with the expression below.
let due (schedule: Schedule) : ReactElement list =
    let words, expression = Describe.due schedule

    [
        Html.div [ prop.className "wraps"; prop.text words ]
        match expression with
        | Some text -> Html.div [ prop.className "faint"; prop.children [ Html.code text ] ]
        | None -> ()
    ]

let next (schedule: Schedule) : ReactElement list =
    match schedule.NextDue with
    | _ when schedule.Paused -> [
        Html.span [ prop.className "standing"; prop.data ("tone", "waiting"); prop.text "Paused" ]
      ]
    | [] -> [ Html.span [ prop.className "faint"; prop.text "never" ] ]
    | first :: _ -> [ Clock.time {| at = first |} ]

let run (run: ScheduleRun) : ReactElement list = [
    linkWith (Router.Workflow run.WorkflowId) [ prop.children [ statusChip run.Status ] ]
    Html.text " "
    Clock.time {| at = run.Created |}
]

/// The buttons to the previous and the next page.
let pager (dispatch: Msg -> unit) (model: Model) (next: string option) (note: string) : ReactElement =
    Pager.view {
        Note = note
        IsFirst = model.Cursors.IsEmpty
        Next = next
        Back = fun () -> dispatch Back
        Onward = Onward >> dispatch
    }
