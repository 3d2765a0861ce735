/// A form in a dialog: what it will do, its fields, and why it was refused. It closes on success.
module GopherFlow.Client.Parts.Dialog

open Feliz
open Fable.Core
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Http

let form =
    React.functionComponent (
        "FormDialog",
        fun
            (props:
                {|
                    title: string
                    action: string
                    consequence: string list
                    fields: ReactElement list
                    blocked: string option
                    act: unit -> JS.Promise<unit>
                    close: unit -> unit
                |}) ->
            let busy, setBusy = React.useState false
            let refusal, setRefusal = React.useState (None: string option)
            let isOpen = React.useRef true

            React.useEffect (
                (fun () ->
                    isOpen.current <- true
                    React.createDisposable (fun () -> isOpen.current <- false)),
                [||]
            )

            // An answer that arrives after this dialog was closed must not close another one.
            let act () =
                promise {
                    setBusy true
                    setRefusal None

                    try
                        do! props.act ()

                        if isOpen.current then
                            props.close ()
                    with failure ->
                        if isOpen.current then
                            setRefusal (failure |> Problem.ofException |> Problem.text |> Some)
                            setBusy false
                }

            let body =
                Forms.form "dialog-form" (act >> start) [
                    Forms.refusal refusal
                    yield! props.fields
                    Html.div [
                        prop.className "consequence"
                        prop.children [ for sentence in props.consequence -> Html.p sentence ]
                    ]
                    match props.blocked with
                    | Some reason -> Html.p [ prop.className "hint"; prop.text reason ]
                    | None -> ()
                    Html.div [
                        prop.className "form-end"
                        prop.children [
                            Forms.cancel props.close
                            Forms.submit props.action (busy || props.blocked.IsSome)
                        ]
                    ]
                ]

            Modal.usual props.title props.close body
    )


/// The confirmation of an operation without fields.
type Question = {
    Title: string
    /// What it will do, one sentence each.
    Consequence: string list
    /// The text of the button.
    Action: string
    Act: unit -> JS.Promise<unit>
}

/// A confirmation dialog.
let ask (question: Question) (close: unit -> unit) : ReactElement =
    form {|
        title = question.Title
        action = question.Action
        consequence = question.Consequence
        fields = []
        blocked = None
        act = question.Act
        close = close
    |}
