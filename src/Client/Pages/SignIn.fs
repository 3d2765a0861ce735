/// The page for who is not signed in.
module GopherFlow.Client.Pages.SignIn

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

let private missing (username: string) (password: string) : string option =
    if username.Trim() = "" then Some "Enter your user name."
    elif password = "" then Some "Enter your password."
    else None

let private words (failure: exn) : string =
    match failure with
    | ApiException problem when problem.Status = 401 && problem.Detail = "" -> "Wrong user name or password."
    | other -> other |> Problem.ofException |> Problem.text

let view =
    React.functionComponent (
        "SignIn",
        fun (props: {| signedIn: Session -> unit |}) ->
            let username, setUsername = React.useState ""
            let password, setPassword = React.useState ""
            let busy, setBusy = React.useState false
            let fault, setFault = React.useState (None: string option)

            let ask () =
                promise {
                    setBusy true
                    setFault None

                    try
                        let! session = Calls.signIn (username.Trim()) password
                        props.signedIn session
                    with failure ->
                        setFault (Some(words failure))
                        setBusy false
                }

            let submit () =
                match missing username password with
                | Some text -> setFault (Some text)
                | None -> start (ask ())

            let field name label value kind set completion : Forms.Field * IReactProperty list =
                {
                    Label = label
                    Name = name
                    Value = value
                    Hint = ""
                    Fault = None
                    Set = set
                },
                [ prop.type' kind; prop.autoComplete completion; prop.disabled busy ]

            let usernameField, usernameProps =
                field "username" "Username" username "text" setUsername "username"

            let passwordField, passwordProps =
                field "password" "Password" password "password" setPassword "current-password"

            Html.main [
                prop.className "sign-in"
                prop.children [
                    Forms.form "card" submit [
                        Html.div [
                            prop.className "brand"
                            prop.children [ Icons.mark 40; Html.h1 "GopherFlow" ]
                        ]
                        Forms.refusal fault
                        Forms.textField usernameField (prop.autoFocus true :: usernameProps)
                        Forms.textField passwordField passwordProps
                        Forms.submit (if busy then "Signing in…" else "Sign in") busy
                    ]
                ]
            ]
    )
