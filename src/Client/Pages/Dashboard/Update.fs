module GopherFlow.Client.Pages.Dashboard.Update

open Fable.Core
open GopherFlow.Client.Promise
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Pages.Dashboard.Model

let private inQuestion (change: Question -> Question) (model: Model) : Model = {
    model with
        Question = Option.map change model.Question
}

let step (message: Message) (model: Model) : Model * Command list =
    match message, model.Question with
    | Ask remedy, _ ->
        {
            model with
                Question =
                    Some {
                        Remedy = remedy
                        Forecast = None
                        Fault = None
                        IsBusy = false
                    }
        },
        [ Count remedy ]
    // The forecast for a confirmation that was closed meanwhile is dropped.
    | Counted(remedy, forecast), Some question when question.Remedy = remedy ->
        inQuestion
            (fun question -> {
                question with
                    Forecast = Some forecast
            })
            model,
        []
    | Counted _, _ -> model, []
    | Confirm, Some question when not question.IsBusy ->
        inQuestion
            (fun question -> {
                question with
                    IsBusy = true
                    Fault = None
            })
            model,
        [ Start question.Remedy ]
    | Confirm, _ -> model, []
    | Started job, _ ->
        {
            model with
                Question = None
                Jobs = job.Id :: model.Jobs
        },
        []
    | Refused reason, _ ->
        inQuestion
            (fun question -> {
                question with
                    Fault = Some reason
                    IsBusy = false
            })
            model,
        []
    | Close, _ -> { model with Question = None }, []
    | RetryOne id, _ when model.Retrying.Contains id -> model, []
    | RetryOne id, _ ->
        {
            model with
                Retrying = model.Retrying.Add id
                Fault = None
        },
        [ Retry id ]
    | Retried id, _ ->
        {
            model with
                Retrying = model.Retrying.Remove id
        },
        []
    | NotRetried(id, reason), _ ->
        {
            model with
                Retrying = model.Retrying.Remove id
                Fault = Some $"Workflow {id} was not retried. {reason}"
        },
        []
    | Dismiss, _ -> { model with Fault = None }, []

let private reason (failure: exn) =
    failure |> Problem.ofException |> Problem.text

let private perform (command: Command) : Effect<Message> =
    let refused = reason >> Refused

    match command with
    | Count remedy ->
        Effect.ofPromise
            (fun () -> JobCalls.forecast (operation remedy) (filter remedy))
            (fun forecast -> Counted(remedy, forecast))
            refused
    | Start remedy -> Effect.ofPromise (fun () -> JobCalls.start (operation remedy) (filter remedy)) Started refused
    | Retry id ->
        Effect.ofPromise (fun () -> Calls.operate id "retry" []) (fun () -> Retried id) (fun failure ->
            NotRetried(id, reason failure))

let update (message: Message) (model: Model) : Model * Effect<Message> list =
    let next, commands = step message model
    next, List.map perform commands
