/// What needs a person, what runs, and how the executors are.
module GopherFlow.Client.Pages.Dashboard.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts

let view =
    React.functionComponent (
        "Dashboard",
        fun (_: {| session: Session |}) ->
            Page.view
                {
                    Title = "Dashboard"
                    Lead = ""
                    Actions = []
                }
                []
    )
