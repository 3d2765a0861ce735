/// Asks before something is done, says what it will do, and why it was refused.
module GopherFlow.Client.Parts.Confirm

open Feliz
open Fable.Core
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Http

type Question = {
    Title: string
    /// What it will do.
    Consequence: string
    /// The word on the button.
    Action: string
    Act: unit -> JS.Promise<unit>
}

let private body =
    React.functionComponent (
        "Confirm",
        fun
            (props:
                {|
                    question: Question
                    close: unit -> unit
                |}) ->
            let busy, setBusy = React.useState false
            let refusal, setRefusal = React.useState (None: string option)

            let act () =
                promise {
                    setBusy true
                    setRefusal None

                    try
                        do! props.question.Act()
                        props.close ()
                    with failure ->
                        setRefusal (failure |> Problem.ofException |> Problem.text |> Some)
                        setBusy false
                }

            Forms.form "dialog-form" (act >> start) [
                Forms.refusal refusal
                Html.p [ prop.className "consequence"; prop.text props.question.Consequence ]
                Html.div [
                    prop.className "form-end"
                    prop.children [ Forms.cancel props.close; Forms.submit props.question.Action busy ]
                ]
            ]
    )

let dialog (question: Question option) (close: unit -> unit) : ReactElement =
    match question with
    | Some question ->
        Forms.dialog {|
            title = question.Title
            close = close
            body = body {| question = question; close = close |}
        |}
    | None -> Html.none
