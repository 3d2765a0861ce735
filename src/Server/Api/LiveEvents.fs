namespace GopherFlow.Server

open System
open System.Buffers
open System.IO.Pipelines
open System.Text
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open GopherFlow.Storage
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features

/// GET /api/events: what is committed, as server-sent events. `stream` is the handler.
module LiveEvents =

    /// Changes that are kept for a slow client before it is told to fetch everything anew.
    [<Literal>]
    let private Capacity = 4096

    let private keepAlive = TimeSpan.FromSeconds 15.

    let private writeText (writer: PipeWriter) (text: string) =
        Encoding.UTF8.GetBytes(text, writer) |> ignore

    let private writeEvent (writer: PipeWriter) (name: string) (id: string) (data: obj) =
        writeText writer $"event: {name}\nid: {id}\ndata: "
        writer.Write(ReadOnlySpan(Json.bytes data))
        writeText writer "\n\n"

    let private writeChange writer (change: WorkflowChange) =
        writeEvent writer "workflow" $"{change.Id}-{change.Modified.UtcTicks}" (Responses.change change)

    let private writeItem (writer: PipeWriter) (now: unit -> DateTimeOffset) (item: FeedItem) =
        match item with
        | :? FeedItem.Batch as batch -> batch.Changes |> Seq.iter (writeChange writer)
        | _ -> writeEvent writer "resync" $"resync-{now().UtcTicks}" (obj ())

    /// At most as many as were kept, so that a busy engine cannot hold up the flush.
    let private writeUnread (writer: PipeWriter) (changes: ChangeSubscription) (now: unit -> DateTimeOffset) =
        Seq.init Capacity (fun _ -> changes.TryRead())
        |> Seq.takeWhile fst
        |> Seq.iter (fun (_, item) -> item |> Option.ofObj |> Option.iter (writeItem writer now))

    let private writeDefinition writer (now: unit -> DateTimeOffset) (definition: DefinitionEvent) =
        writeEvent writer "definition" $"{definition.Name}-{now().UtcTicks}" definition

    /// A change of scripts that runs nothing else, such as one that was refused, is told too.
    let private writeDefinitions (writer: PipeWriter) (now: unit -> DateTimeOffset) (events: DefinitionEvent list) =
        writeEvent writer "scripts" $"scripts-{now().UtcTicks}" (obj ())
        events |> List.iter (writeDefinition writer now)

    type private Arrival =
        | Changes
        | Quiet
        | End

    /// Waits until either source has something.
    let private nextArrival
        (clock: TimeProvider)
        (workflows: ChangeSubscription)
        (definitions: ChannelReader<unit>)
        (ended: CancellationToken)
        =
        task {
            use quiet = new CancellationTokenSource(keepAlive, clock)
            use either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, ended)

            try
                let! first =
                    Task.WhenAny(
                        workflows.WaitToReadAsync(either.Token).AsTask(),
                        definitions.WaitToReadAsync(either.Token).AsTask()
                    )

                let! more = first
                either.Cancel()
                return if more then Changes else End
            with :? OperationCanceledException ->
                return if ended.IsCancellationRequested then End else Quiet
        }

    let private flush (writer: PipeWriter) (ended: CancellationToken) =
        task {
            let! flushed = writer.FlushAsync ended
            return not flushed.IsCompleted
        }

    let private pump (services: Services) (http: HttpContext) (ended: CancellationToken) =
        task {
            use changes = services.Feed.Subscribe(capacity = Capacity)
            use definitions = new DefinitionWatch(services.Registry)
            let writer = http.Response.BodyWriter
            let now = services.Clock.GetUtcNow

            let next () =
                task {
                    match! nextArrival services.Clock changes definitions.Reader ended with
                    | End -> return false
                    | Quiet ->
                        writeText writer ": keep-alive\n\n"
                        return! flush writer ended
                    | Changes ->
                        writeUnread writer changes now
                        definitions.TryTake() |> Option.iter (writeDefinitions writer now)
                        return! flush writer ended
                }

            writeEvent writer "hello" $"hello-{now().UtcTicks}" ({ Version = ServerVersion.text }: HelloEvent)
            let! isOpen = flush writer ended

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

    let private timeLeft (services: Services) (caller: Caller) =
        match caller.Expires with
        | Some expires -> max TimeSpan.Zero (expires - services.Clock.GetUtcNow())
        | None -> Timeout.InfiniteTimeSpan

    /// Ends when the client goes, the server stops, or the session of the caller does.
    let stream (services: Services) (caller: Caller) : Handler =
        fun http ->
            task {
                prepare http
                use session = new CancellationTokenSource(timeLeft services caller, services.Clock)

                use ended =
                    CancellationTokenSource.CreateLinkedTokenSource(
                        http.RequestAborted,
                        services.Stopping,
                        session.Token
                    )

                try
                    do! pump services http ended.Token
                with :? OperationCanceledException when ended.IsCancellationRequested ->
                    ()

                return Written
            }
