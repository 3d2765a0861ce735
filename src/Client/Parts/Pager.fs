/// The buttons to the previous and the next page of a list.
module GopherFlow.Client.Parts.Pager

open Feliz
open GopherFlow.Client.Parts.Basics

type Pager = {
    /// The text beside the buttons, such as the sort order.
    Note: string
    IsFirst: bool
    /// The cursor of the next page; None on the last page.
    Next: string option
    Back: unit -> unit
    Onward: string -> unit
}

/// Shows nothing when there is only one page.
let view (pager: Pager) : ReactElement =
    if pager.IsFirst && pager.Next.IsNone then
        Html.none
    else
        let noneBefore =
            if pager.IsFirst then
                Some "This is the first page."
            else
                None

        let noneAfter =
            if pager.Next.IsNone then
                Some "This is the last page."
            else
                None

        Html.div [
            prop.className "pager"
            prop.children [
                Html.span [ prop.className "faint"; prop.text pager.Note ]
                button Plain Icons.up "Back" noneBefore pager.Back
                button Plain Icons.move "Next" noneAfter (fun () -> pager.Next |> Option.iter pager.Onward)
            ]
        ]
