namespace GopherFlow.Server

open System
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open GopherFlow.Definitions
open GopherFlow.Storage
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features

/// The parameters of a stream.
type StreamRequest = {
    /// Only one workflow.
    Workflow: int64 option
    /// Only one workflow and its children.
    Family: int64 option
    /// Only workflows of one type.
    Type: string option
    /// The id of the last event that the client has received.
    LastEvent: string option
}

/// GET /api/events: committed changes as server-sent events. `stream` is the handler.
module internal LiveEvents =

    /// The number of unread changes that are kept for a slow client. Beyond that, it has to fetch everything again.
    [<Literal>]
    let private Capacity = 4096

    let private keepAlive = TimeSpan.FromSeconds 15.

    /// Feed positions are counted from the start of the process, so an id from another process is not valid here.
    let private processId = Guid.NewGuid().ToString("N").Substring(0, 8)

    let private eventId (position: int64) = $"{processId}-{position}"

    /// The feed position of an event id; -1 if the id is from another process.
    let private positionOf (id: string) =
        match id.Split '-' with
        | [| ofProcess; position |] when ofProcess = processId ->
            Page.tryCursor position
            |> Option.defaultValue (if position = "0" then 0L else -1L)
        | _ -> -1L

    let input =
        Inputs.input {
            let! workflow = Inputs.queryId "workflowId" "a workflow: only its changes are sent"

            and! family =
                Inputs.queryId "familyId" "a workflow: only its changes and those of its children are sent"

            and! ofType =
                Inputs.queryText "workflowType" "the name of a definition: only changes of its workflows are sent"

            and! lastEvent =
                Inputs.header "Last-Event-ID" "the id of the last event that was received"

            and! lastInQuery =
                Inputs.queryText "lastEventId" "the same, for clients that cannot send the header"

            return {
                Workflow = workflow
                Family = family
                Type = ofType
                LastEvent = lastEvent |> Option.orElse lastInQuery
            }
        }

    let private filterOf (request: StreamRequest) =
        match request with
        | { Workflow = Some id } -> ChangeFilter.Workflow id
        | { Family = Some id } -> ChangeFilter.Family id
        | { Type = Some name } -> ChangeFilter.Type name
        | _ -> ChangeFilter.Everything

    /// The changes of one batch. Only the last one has the id, so a client that resumes after it has received all of them.
    let private writeBatch (writer: EventWriter) (batch: FeedItem.Batch) =
        let last = batch.Changes.Count - 1

        batch.Changes
        |> Seq.iteri (fun index change ->
            let id = if index = last then Some(eventId batch.Position) else None
            writer.Event("workflow", id, Responses.change change))

    let private writeItem (writer: EventWriter) (item: FeedItem) =
        match item with
        | :? FeedItem.Batch as batch -> writeBatch writer batch
        | gap -> writer.Event("resync", Some(eventId gap.Position), obj ())

    /// Writes at most `Capacity` items, so that a busy engine cannot delay the flush.
    let private writeUnread writer (changes: ChangeSubscription) =
        Seq.init Capacity (fun _ -> changes.TryRead())
        |> Seq.takeWhile fst
        |> Seq.iter (fun (_, item) -> item |> Option.ofObj |> Option.iter (writeItem writer))

    /// "scripts" is also sent for a change that leaves the runnable versions as they are, such as a rejected script.
    let private writeDefinitions (writer: EventWriter) (events: GopherFlow.Contract.DefinitionEvent list) =
        writer.Event("scripts", None, obj ())
        events |> List.iter (fun event -> writer.Event("definition", None, event))

    type private Arrival =
        | Changes
        | Quiet
        | Checked
        | End

    /// Waits until one of the sources has an item, the keep-alive interval ends, or the stream is cancelled.
    let private nextArrival
        (clock: TimeProvider)
        (workflows: ChangeSubscription)
        (definitions: ChannelReader<unit>)
        (rights: ChannelReader<unit>)
        (ended: CancellationToken)
        =
        task {
            use quiet = new CancellationTokenSource(keepAlive, clock)
            use either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, ended)

            try
                let rightsChange = rights.WaitToReadAsync(either.Token).AsTask()

                let! first =
                    Task.WhenAny(
                        workflows.WaitToReadAsync(either.Token).AsTask(),
                        definitions.WaitToReadAsync(either.Token).AsTask(),
                        rightsChange
                    )

                let! more = first
                either.Cancel()

                return
                    if not more then End
                    elif rights.TryRead(ref ()) then Checked
                    else Changes
            with :? OperationCanceledException ->
                return if ended.IsCancellationRequested then End else Quiet
        }

    /// Whether the caller is still authorized: a session or key may have been ended on any server.
    let private mayListen (services: Services) (caller: Caller) (http: HttpContext) =
        task {
            match! Authorise.caller services SignedIn http with
            | Ok found -> return found.Username = caller.Username
            | Error _ -> return false
        }

    let private pump (services: Services) (caller: Caller) request (writer: EventWriter) (http: HttpContext) ended =
        task {
            let after = request.LastEvent |> Option.map positionOf |> Option.toNullable

            use changes =
                services.Feed.Subscribe(filterOf request, capacity = Capacity, after = after)

            use definitions = new DefinitionWatch(services.Registry)
            use rights = new RightsWatch(services.Rights, caller.Username)

            let checkedAt = ref (services.Clock.GetTimestamp())

            let mayStillListen () =
                task {
                    checkedAt.Value <- services.Clock.GetTimestamp()
                    return! mayListen services caller http
                }

            let writeNews () =
                writeUnread writer changes
                definitions.TryTake() |> Option.iter (writeDefinitions writer)
                writer.FlushAsync ended

            let next () : Task<bool> =
                task {
                    match! nextArrival services.Clock changes definitions.Reader rights.Reader ended with
                    | End -> return false
                    | Checked -> return! mayStillListen ()
                    | Quiet ->
                        match! mayStillListen () with
                        | false -> return false
                        | true ->
                            writer.Comment "keep-alive"
                            return! writer.FlushAsync ended
                    // A stream that is never quiet is checked at the same interval.
                    | Changes when services.Clock.GetElapsedTime checkedAt.Value >= keepAlive ->
                        match! mayStillListen () with
                        | false -> return false
                        | true -> return! writeNews ()
                    | Changes -> return! writeNews ()
                }

            // A client that resumes keeps its own position: the events after it have not been sent yet.
            let position =
                if request.LastEvent.IsSome then
                    None
                else
                    Some(eventId changes.Start)

            writer.Event("hello", position, ({ Version = ServerVersion.text }: GopherFlow.Contract.Hello))

            // Definitions may have changed while the client was disconnected.
            if request.LastEvent.IsSome then
                writer.Event("scripts", None, obj ())

            let! isOpen = writer.FlushAsync ended

            if isOpen then
                while! next () do
                    ()
        }

    let private prepare (http: HttpContext) =
        let response = http.Response

        match http.Features.Get<IHttpResponseBodyFeature>() with
        | null -> ()
        | body -> body.DisableBuffering()

        response.ContentType <- "text/event-stream"
        response.Headers.CacheControl <- "no-store"
        response.Headers["X-Accel-Buffering"] <- "no"

    /// The longest possible timer. If the session or key expires later than that, only the periodic checks end the stream.
    let private longestTimer = TimeSpan.FromDays 49.

    let private timeLeft (services: Services) (caller: Caller) =
        let left =
            caller.Expires
            |> Option.map (fun expires -> expires - services.Clock.GetUtcNow())

        match left with
        | Some left when left <= longestTimer -> max TimeSpan.Zero left
        | _ -> Timeout.InfiniteTimeSpan

    let private run (services: Services) (caller: Caller) (request: StreamRequest) (http: HttpContext) =
        task {
            prepare http
            use session = new CancellationTokenSource(timeLeft services caller, services.Clock)

            use ended =
                CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, services.Stopping, session.Token)

            try
                let writer = EventWriter.Open http
                do! pump services caller request writer http ended.Token
                do! writer.CloseAsync()
            with :? OperationCanceledException when ended.IsCancellationRequested ->
                ()

            return Written
        }

    /// Ends when the client disconnects, the server stops, or the caller is no longer authorized.
    let stream (services: Services) (caller: Caller) (request: StreamRequest) : Handler =
        fun http ->
            task {
                match services.Streams.TryOpen(caller.Username, services.Settings.MaxStreams) with
                | Error reason -> return Refusal(Problem.tooManyStreams reason)
                | Ok() ->
                    try
                        return! run services caller request http
                    finally
                        services.Streams.Close caller.Username
            }
