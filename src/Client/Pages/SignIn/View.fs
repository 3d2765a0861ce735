/// The sign-in page, and the dialog shown when the session has ended.
module GopherFlow.Client.Pages.SignIn.View

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.SignIn.Model

let private effect (command: Command) : Elm.Effect<Msg> =
    match command with
    | Ask(username, password) ->
        Elm.Effect.ofPromise (fun () -> Calls.signIn username password) Entered (fun failure ->
            Refused(Problem.ofException failure, Instant.now ()))
    | Enter session -> Elm.Effect.ofAction (fun () -> SignedInUser.enter session)

let private field name label value kind set completion (busy: bool) (more: IReactProperty list) =
    let field: Forms.Field = {
        Label = label
        Name = name
        Value = value
        Hint = ""
        Fault = None
        Set = set
    }

    Forms.textField field ([ prop.type' kind; prop.autoComplete completion; prop.readOnly busy ] @ more)

let private waiting =
    React.functionComponent (
        "Waiting",
        fun (props: {| model: Model |}) ->
            let model = props.model

            match Update.wait (Clock.useNow ()) model with
            | 0 -> Forms.submit (if model.Busy then "Signing in…" else "Sign in") model.Busy
            | seconds -> Forms.submit $"Wait {seconds} s" true
    )

let private organisation (isBack: bool) : ReactElement =
    Html.fragment [
        Html.div [ prop.className "or"; prop.text "or" ]
        Html.a [
            prop.className "button"
            prop.href "/api/session/oidc"
            if isBack then
                // Leaving this page would lose what was entered on it.
                prop.custom ("target", "_blank")
                prop.custom ("rel", "noopener")
            else
                // After signing in, the provider always returns to the first page.
                prop.onClick (fun _ -> SignInReturn.remember ())
            prop.text "Sign in with your organisation"
        ]
        if isBack then
            Html.p [
                prop.className "hint"
                prop.text "It opens in a new tab. After signing in there, return to this tab."
            ]
    ]

type private Props = {|
    before: Session option
    problem: string option
|}

let private form =
    React.functionComponent (
        "SignInForm",
        fun (props: Props) ->
            let methods = Queries.useSignInMethods ()
            let name = props.before |> Option.map _.Username |> Option.defaultValue ""

            let model, dispatch =
                Elm.useElm (fun () -> Update.init name props.problem, []) (fun msg model ->
                    let next, commands = Update.update msg model
                    next, List.map effect commands)

            // The sign-in methods are not known while the server does not answer: then show the password form.
            let offers =
                methods.Data
                |> Option.defaultValue {
                    Password = true
                    OpenIdConnect = false
                }

            let isBack = props.before.IsSome

            React.useEffect (
                (fun () ->
                    if isBack then
                        SignedInUser.lookOnReturn ()
                    else
                        React.createDisposable ignore),
                [| box isBack |]
            )

            Forms.form "sign-in-form" (fun () -> dispatch (Submit(Instant.now ()))) [
                Forms.refusal model.Fault
                if offers.Password then
                    field "username" "User name" model.Username "text" (SetUsername >> dispatch) "username" model.Busy [
                        prop.autoFocus (not isBack)
                        if isBack then
                            prop.readOnly true
                    ]

                    field
                        "password"
                        "Password"
                        model.Password
                        "password"
                        (SetPassword >> dispatch)
                        "current-password"
                        model.Busy
                        [
                            if isBack then
                                prop.data ("first", "true")
                        ]

                    waiting {| model = model |}
                if offers.OpenIdConnect then
                    organisation isBack
                if isBack then
                    Html.button [
                        prop.type' "button"
                        prop.className "button quiet"
                        prop.onClick (fun _ -> SignedInUser.leave ())
                        prop.text $"I am not {name}"
                    ]
            ]
    )

let view =
    React.functionComponent (
        "SignIn",
        fun (_: {| key: string |}) ->
            let problem = React.useMemo ((fun () -> Router.parameter "signInProblem"), [||])
            React.useEffect ((fun () -> Browser.document?title <- "Sign in · GopherFlow"), [||])

            React.useEffect (
                (fun () ->
                    // Removed from the URL, so that a reload does not show it again.
                    if problem.IsSome then
                        Browser.Address.replace "/"),
                [||]
            )

            Html.main [
                prop.className "sign-in"
                prop.children [
                    Html.div [
                        prop.className "card"
                        prop.children [
                            Html.div [
                                prop.className "brand"
                                prop.children [ Icons.mark 40; Html.h1 "GopherFlow" ]
                            ]
                            form {| before = None; problem = problem |}
                        ]
                    ]
                ]
            ]
    )

/// Shown over the current page when the session has ended.
let again (session: Session) : ReactElement =
    Modal.view
        {
            Title = "Your session has ended"
            Shape = ""
            ShowsTitle = true
            Close = None
        }
        (Html.div [
            prop.className "dialog-form"
            prop.children [
                Html.p
                    "It expired or was ended elsewhere. Sign in again to continue here; nothing that you have entered is lost."
                form {|
                    before = Some session
                    problem = None
                |}
            ]
        ])
