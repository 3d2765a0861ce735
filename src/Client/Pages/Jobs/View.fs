/// Operations on many workflows at once.
module GopherFlow.Client.Pages.Jobs.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts

let view =
    React.functionComponent (
        "Jobs",
        fun (_: {| session: Session |}) ->
            Page.view
                {
                    Title = "Jobs"
                    Lead = ""
                    Actions = []
                }
                []
    )
