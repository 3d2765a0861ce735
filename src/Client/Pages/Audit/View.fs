/// Who did what, and when.
module GopherFlow.Client.Pages.Audit.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts

let view =
    React.functionComponent (
        "AuditLog",
        fun (_: {| session: Session |}) ->
            Page.view
                {
                    Title = "Audit log"
                    Lead = ""
                    Actions = []
                }
                []
    )
