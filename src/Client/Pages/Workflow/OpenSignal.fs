/// The signal that is being written on the page. It is kept while another tab or another state is shown.
module GopherFlow.Client.Pages.Workflow.OpenSignal

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http

type Draft = {
    /// The name that was typed or picked.
    Typed: string option
    /// The name that the form showed when its payload or key was typed.
    Held: string option
    Payload: string
    Key: string
    Busy: bool
    NameFault: string option
    PayloadFault: string option
    Refusal: string option
    /// The name of the signal that was sent last.
    Sent: string option
}

let blank: Draft = {
    Typed = None
    Held = None
    Payload = ""
    Key = ""
    Busy = false
    NameFault = None
    PayloadFault = None
    Refusal = None
    Sent = None
}

/// The name in the form: the one that was typed, else the one that the form showed when the payload was begun, else the one that
/// the workflow waits for now. What it waits for may change while the form is shown.
let nameOf (awaited: string list) (draft: Draft) : string =
    draft.Typed
    |> Option.orElse draft.Held
    |> Option.orElse (List.tryHead awaited)
    |> Option.defaultValue ""

/// A payload is written for one signal, so the name stays from its first letter on.
let withPayload (awaited: string list) (text: string) (draft: Draft) : Draft = {
    draft with
        Held = Some(nameOf awaited draft)
        Payload = text
}

let withKey (awaited: string list) (text: string) (draft: Draft) : Draft = {
    draft with
        Held = Some(nameOf awaited draft)
        Key = text
}

/// The payload to send; the draft with its faults when it cannot be sent.
let payloadOf (awaited: string list) (draft: Draft) : Result<obj, Draft> =
    let payload =
        if draft.Payload.Trim() = "" then
            Ok null
        else
            VariableEdit.parseValue true draft.Payload

    let faulty nameFault payloadFault =
        Result.Error {
            draft with
                NameFault = nameFault
                PayloadFault = payloadFault
        }

    let nameFault =
        if (nameOf awaited draft).Trim() = "" then
            Some "Enter the name of the signal."
        else
            None

    match payload with
    | Ok value when nameFault.IsNone -> Ok value
    | Ok _ -> faulty nameFault None
    | Result.Error fault -> faulty nameFault (Some fault)

let sending (draft: Draft) : Draft = {
    draft with
        Busy = true
        NameFault = None
        PayloadFault = None
        Refusal = None
        Sent = None
}

/// The form after the answer to what was sent. A payload or key that was changed meanwhile stays.
let answered (sent: Draft) (name: string) (refusal: string option) (present: Draft) : Draft =
    match refusal with
    | Some _ -> {
        present with
            Busy = false
            Refusal = refusal
      }
    | None when present.Payload = sent.Payload && present.Key = sent.Key -> {
        blank with
            Typed = present.Typed
            Sent = Some name
      }
    | None -> {
        present with
            Busy = false
            Sent = Some name
      }

type OpenSignal = {
    Draft: Draft
    Show: Draft -> unit
    Send: unit -> unit
}

let useOpenSignal (workflow: Workflow) : OpenSignal =
    let draft, show = React.useState blank

    // The answer changes the draft of that moment, not the one that was sent.
    let latest = React.useRef draft
    latest.current <- draft

    let send () =
        match payloadOf workflow.AwaitedSignals draft with
        | Result.Error faulty -> show faulty
        | Ok payload ->
            let name = (nameOf workflow.AwaitedSignals draft).Trim()

            let answer (refusal: string option) =
                show (answered draft name refusal latest.current)

            promise {
                show (sending draft)

                try
                    do! RunCalls.sendSignal workflow.Id name (draft.Key.Trim()) payload
                    answer None
                with failure ->
                    failure |> Problem.ofException |> Problem.text |> Some |> answer
            }
            |> start

    {
        Draft = draft
        Show = show
        Send = send
    }
