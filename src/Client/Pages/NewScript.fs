/// Asks for the name of a new script and opens the studio. The server does not know the script until it is deployed.
module GopherFlow.Client.Pages.NewScript

open System.Text.RegularExpressions
open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api

/// The validation error of a name, by the rules of the server.
let fault (taken: string list) (name: string) : string option =
    if not (Regex("^[A-Za-z][A-Za-z0-9_-]*$").IsMatch name) then
        Some "A letter, then letters, digits, - or _."
    elif List.contains name taken then
        Some $"A script {name} already exists."
    else
        None

let private body =
    React.functionComponent (
        "NewScript",
        fun
            (props:
                {|
                    taken: string list
                    close: unit -> unit
                |}) ->
            let name, setName = React.useState ""
            let tried, setTried = React.useState false

            let submit () =
                match fault props.taken name with
                | None ->
                    props.close ()
                    Router.go (Router.Script name)
                | Some _ -> setTried true

            Forms.form "dialog-form" submit [
                Forms.textField
                    {
                        Label = "Name"
                        Name = "script-name"
                        Value = name
                        Hint = "The name of its workflow, such as OrderApproval."
                        Fault = if tried then fault props.taken name else None
                        Set = setName
                    }
                    [ prop.autoFocus true ]
                Html.div [
                    prop.className "form-end"
                    prop.children [ Forms.cancel props.close; Forms.submit "Open the studio" false ]
                ]
            ]
    )

/// The button with its dialog.
let button =
    React.functionComponent (
        "NewScriptButton",
        fun
            (props:
                {|
                    session: Session
                    taken: string list
                |}) ->
            let isOpen, setOpen = React.useState false

            let disabled =
                if Types.Session.isAdmin props.session then
                    None
                else
                    Some $"Your role is {props.session.Role}. This needs the role admin."

            Html.fragment [
                Basics.button Plain Icons.zoomIn "New script" disabled (fun () -> setOpen true)
                if isOpen then
                    let close () = setOpen false
                    Modal.usual "New script" close (body {| taken = props.taken; close = close |})
            ]
    )
