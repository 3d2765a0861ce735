/// Users, their sessions and keys.
module GopherFlow.Client.Pages.Accounts.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api.Types

let private forAdmins (session: Session) (content: Session -> ReactElement) : ReactElement =
    if Session.isAdmin session then
        content session
    else
        AdminsOnly.view "Users" "Only admins can see and change users." [ Basics.link Router.Account "Your account" ]

let view =
    React.functionComponent (
        "Accounts",
        fun
            (props:
                {|
                    page: Router.Page
                    session: Session
                |}) ->
            match props.page with
            | Router.User id -> forAdmins props.session (One.user id)
            | Router.Account -> One.account props.session
            | _ -> forAdmins props.session List.view
    )
