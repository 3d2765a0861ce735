/// Requests to the server and the problems it answers with. A promise of this module is rejected only with ApiException.
module GopherFlow.Client.Api.Http

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Json

/// The validation error of one field of a request.
type FieldFault = { Field: string; Detail: string }

type Problem = {
    /// The HTTP status; 0 when there was no answer or it could not be read.
    Status: int
    Title: string
    Detail: string
    Faults: FieldFault list
    /// The seconds after which to retry, if the server gives them.
    RetryAfter: int option
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
            RetryAfter = None
        })

    let ofAnswer (status: int) (retryAfter: int option) (body: string) : Problem =
        match decodeText "problem" (decoder status) body with
        | Ok problem -> { problem with RetryAfter = retryAfter }
        | Error _ -> {
            Status = status
            Title = $"The server answered {status}."
            Detail = ""
            Faults = []
            RetryAfter = retryAfter
          }

    let unreachable = {
        Status = 0
        Title = "The server does not answer."
        Detail = "Check that it is running and reachable from this machine. The console retries automatically."
        Faults = []
        RetryAfter = None
    }

    let late (seconds: int) = {
        Status = 0
        Title = $"The server has not answered within {seconds} s."
        Detail =
            "It is very busy, or the connection is lost. A change may have been made nevertheless: check before you try again."
        Faults = []
        RetryAfter = None
    }

    let unreadable (reason: string) = {
        Status = 0
        Title = "The server sent an answer that this console does not understand."
        Detail = reason
        Faults = []
        RetryAfter = None
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

    /// The error of one field, if the problem has one.
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
            // Protects against cross-site requests: pages of other sites cannot send this header.
            "X-GopherFlow", "console"
            if body.IsSome then
                "Content-Type", "application/json"
        ]
        match body with
        | Some value -> "body", box (write value)
        | None -> ()
    ]

let private textOf (response: obj) : JS.Promise<string> = response?text ()

let private retryAfter (response: obj) : int option =
    match System.Int32.TryParse(unbox<string>(response?headers?get "Retry-After")) with
    | true, seconds -> Some seconds
    | _ -> None

type private Answer = {
    Status: int
    RetryAfter: int option
    Body: string
}

/// The default timeout of a request in seconds.
[<Literal>]
let private Timeout = 30

let private exchange (verb: string) (seconds: int) (url: string) (body: obj option) : JS.Promise<Answer> =
    promise {
        let abort = newAbort ()
        let limit = JS.setTimeout (fun () -> abort?abort ()) (seconds * 1000)

        try
            let! response = fetch url (options verb body abort?signal)
            let! text = textOf response
            JS.clearTimeout limit

            return {
                Status = unbox<int> response?status
                RetryAfter = retryAfter response
                Body = text
            }
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

/// Raised when the server answers that the session has ended.
let sessionEnded: IEvent<unit> = signedOut.Publish

let private refused (answer: Answer) : JS.Promise<'t> =
    if answer.Status = 401 then
        signedOut.Trigger()

    rejected (ApiException(Problem.ofAnswer answer.Status answer.RetryAfter answer.Body))

let private isFine (answer: Answer) =
    answer.Status >= 200 && answer.Status < 300

let private accept (name: string) (decoder: Decoder<'t>) (answer: Answer) : JS.Promise<'t> =
    if isFine answer then
        match decodeText name decoder answer.Body with
        | Ok value -> resolved value
        | Error reason -> rejected (ApiException(Problem.unreadable reason))
    else
        refused answer

/// Accepts an answer without a body.
let private acceptNothing (answer: Answer) : JS.Promise<unit> =
    if isFine answer then resolved () else refused answer

let get (name: string) (decoder: Decoder<'t>) (url: string) : JS.Promise<'t> =
    exchange "GET" Timeout url None |> bind (accept name decoder)

/// With a timeout of its own, for slow calls such as a compilation.
let postWithin (seconds: int) (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    exchange "POST" seconds url (Some body) |> bind (accept name decoder)

let post (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    postWithin Timeout name decoder url body

let patch (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    exchange "PATCH" Timeout url (Some body) |> bind (accept name decoder)

/// Posts a body; the answer has none.
let send (url: string) (body: obj) : JS.Promise<unit> =
    exchange "POST" Timeout url (Some body) |> bind acceptNothing

/// With a timeout of its own, for slow calls such as a compilation.
let putWithin (seconds: int) (name: string) (decoder: Decoder<'t>) (url: string) (body: obj) : JS.Promise<'t> =
    exchange "PUT" seconds url (Some body) |> bind (accept name decoder)

let delete (url: string) : JS.Promise<unit> =
    exchange "DELETE" Timeout url None |> bind acceptNothing

/// Deletes, and reads the answer.
let deleteFor (name: string) (decoder: Decoder<'t>) (url: string) : JS.Promise<'t> =
    exchange "DELETE" Timeout url None |> bind (accept name decoder)
