/// Users, their sessions and keys.
module GopherFlow.Client.Pages.Accounts.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts

let view =
    React.functionComponent (
        "Users",
        fun (_: {| session: Session |}) ->
            Page.view
                {
                    Title = "Users"
                    Lead = ""
                    Actions = []
                }
                []
    )
