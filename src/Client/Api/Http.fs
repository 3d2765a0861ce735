/// Requests to the server and the problems it answers with. A promise of this module is rejected only with ApiException.
module GopherFlow.Client.Api.Http

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Json

/// What was wrong with one field of a request.
type FieldFault = { Field: string; Detail: string }

type Problem = {
    /// The HTTP status; 0 when no answer could be had or read.
    Status: int
    Title: string
    Detail: string
    Faults: FieldFault list
}

exception ApiException of Problem

module Problem =
    let private fault: Decoder<FieldFault> =
        fields (fun get -> {
            Field = get.Get("field", string)
            Detail =
                get.TryGet("detail", string)
                |> Option.defaultValue "This value is not accepted."
        })

    let decoder (status: int) : Decoder<Problem> =
        fields (fun get -> {
            Status = status
            Title =
                get.TryGet("title", string)
                |> Option.defaultValue $"The server answered {status}."
            Detail = get.TryGet("detail", string) |> Option.defaultValue ""
            Faults = get.TryGet("errors", list fault) |> Option.defaultValue []
        })

    let ofAnswer (status: int) (body: string) : Problem =
        match decodeText "problem" (decoder status) body with
        | Ok problem -> problem
        | Error _ -> {
            Status = status
            Title = $"The server answered {status}."
            Detail = ""
            Faults = []
          }

    let unreachable = {
        Status = 0
        Title = "The server does not answer."
        Detail = "Check that it runs and that this machine reaches it. The console tries again by itself."
        Faults = []
    }

    let late (seconds: int) = {
        Status = 0
        Title = $"The server has not answered within {seconds} s."
        Detail =
            "It is very busy, or the connection to it is lost. Something that was to be changed may have been changed: look before you try again."
        Faults = []
    }

    let unreadable (reason: string) = {
        Status = 0
        Title = "The server answered something this console does not understand."
        Detail = reason
        Faults = []
    }

    let ofException (failure: exn) : Problem =
        match failure with
        | ApiException problem -> problem
        | other -> unreadable other.Message

    let text (problem: Problem) =
        if problem.Detail = "" then
            problem.Title
        else
            problem.Detail

    /// The fault of one field, if the problem names it.
    let ofField (field: string) (problem: Problem option) : string option =
        problem
        |> Option.bind (fun p -> p.Faults |> List.tryFind (fun fault -> fault.Field = field))
        |> Option.map _.Detail

[<Emit("fetch($0, $1)")>]
let private fetch (_url: string) (_options: obj) : JS.Promise<obj> = jsNative

[<Emit("new AbortController()")>]
let private newAbort () : obj = jsNative

let private options (verb: string) (body: obj option) (signal: obj) : obj =
    createObj [
        "method", box verb
        "signal", signal
        "headers",
        createObj [
            "Accept", "application/json"
            // Proves to the server that a page of its own sent this, not a link from elsewhere.
            "X-GopherFlow", "console"
            if body.IsSome then
                "Content-Type", "application/json"
        ]
        match body with
        | Some value -> "body", box (JS.JSON.stringify value)
        | None -> ()
    ]

let private textOf (response: obj) : JS.Promise<string> = response?text ()

/// The seconds within which the server is to answer, unless more are asked for.
[<Literal>]
let private Patience = 30

let private exchange (verb: string) (seconds: int) (url: string) (body: obj option) : JS.Promise<int * string> =
    promise {
        let abort = newAbort ()
        let limit = JS.setTimeout (fun () -> abort?abort ()) (seconds * 1000)

        try
            let! response = fetch url (options verb body abort?signal)
            let! text = textOf response
            JS.clearTimeout limit
            return unbox<int> response?status, text
        with _ ->
            JS.clearTimeout limit

            return!
                rejected (
                    ApiException(
                        if abort?signal?aborted then
                            Problem.late seconds
                        else
                            Problem.unreachable
                    )
                )
    }

let private signedOut = Event<unit>()

/// Told when the server no longer knows who asks: the session has ended.
let sessionEnded: IEvent<unit> = signedOut.Publish

let private accept (name: string) (decoder: Decoder<'t>) (status: int, body: string) : JS.Promise<'t> =
    if status >= 200 && status < 300 then
        match decodeText name decoder body with
        | Ok value -> resolved value
        | Error reason -> rejected (ApiException(Problem.unreadable reason))
    else
        if status = 401 then
            signedOut.Trigger()

        rejected (ApiException(Problem.ofAnswer status body))

let get (name: string) (decoder: Decoder<'t>) (url: string) : JS.Promise<'t> =
    exchange "GET" Patience url None |> bind (accept name decoder)

/// For what takes its time, such as a compilation.
let postWithin (seconds: int) (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    exchange "POST" seconds url (Some body) |> bind (accept name decoder)

let post (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    postWithin Patience name decoder url body

let patch (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    exchange "PATCH" Patience url (Some body) |> bind (accept name decoder)

let delete (url: string) : JS.Promise<unit> =
    exchange "DELETE" Patience url None |> map ignore
